/// What all metrics of a registry held at one moment.
public struct MetricsSnapshot: Sendable, Hashable, Codable {
    public struct Family: Sendable, Hashable, Codable {
        public var facts: MetricFacts
        /// Ordered by their values.
        public var series: [Series]
    }

    public struct Series: Sendable, Hashable, Codable {
        /// In the order of ``MetricFacts/labels``.
        public var values: [String]
        public var reading: MetricReading
    }

    /// Ordered by name.
    public var families: [Family]

    public init(families: [Family]) { self.families = families }

    public subscript(name: String) -> Family? { families.first { $0.facts.name == name } }

    /// The readings of a metric whose labels have these values; of all its series if none are named.
    public func readings(_ name: String, where labels: [String: String] = [:]) -> [MetricReading] {
        guard let family = self[name] else { return [] }
        return family.series.compactMap { series in
            let fits = labels.allSatisfy { label, value in
                family.facts.labels.firstIndex(of: label).map { series.values[$0] == value } ?? false
            }
            return fits ? series.reading : nil
        }
    }

    /// The sum of these readings; `nil` if there are none.
    public func value(_ name: String, where labels: [String: String] = [:]) -> Double? {
        let readings = readings(name, where: labels)
        return readings.isEmpty ? nil : readings.reduce(0) { $0 + $1.value }
    }
}
