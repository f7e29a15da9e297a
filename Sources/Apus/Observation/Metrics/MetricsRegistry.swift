/// The metrics of a process, by name.
///
/// Asking for a metric again returns the one that is there, so that parts of a program need not know of each other. Asking for
/// one of the same name with another kind or other labels ends the program.
///
/// ```swift
/// let registry = MetricsRegistry()
/// let sent = registry.counter("mails_sent", "Mails handed to the server.", labels: ["list"])
/// sent["news"].increment()
/// registry.gauge("queue_length", "What waits.") { 17 }
/// print(registry.page())
/// ```
public final class MetricsRegistry: Sendable {
    private let seriesLimit: Int
    private let table = Guarded<[String: Entry]>([:])
    private let overflow: MetricFamily<Counter>

    private struct Entry: Sendable {
        let facts: MetricFacts
        /// The family, to be cast to its type.
        let family: any Sendable
        let snapshot: @Sendable () -> MetricsSnapshot.Family
    }

    /// `seriesLimit` bounds the series of each metric that states no other limit.
    public init(seriesLimit: Int = 1_000) {
        self.seriesLimit = seriesLimit
        let facts = MetricFacts(
            name: "apus_metrics_overflow", help: "Look-ups that met a metric with too many series.", kind: .counter,
            labels: ["metric"])
        let overflow = MetricFamily(facts, limit: .max, overflow: nil) { Counter() }
        self.overflow = overflow
        table.withLock { $0[facts.name] = Entry(facts: facts, family: overflow) { overflow.snapshot } }
    }

    public func counter(_ name: String, _ help: String) -> Counter { counter(name, help, labels: [])[] }

    public func counter(
        _ name: String, _ help: String, labels: [String], limit: Int? = nil
    ) -> MetricFamily<Counter> {
        let bare = name.hasSuffix("_total") ? String(name.dropLast(6)) : name
        return family(MetricFacts(name: bare, help: help, kind: .counter, labels: labels), limit) { Counter() }
    }

    public func gauge(_ name: String, _ help: String) -> Gauge { gauge(name, help, labels: [])[] }

    public func gauge(_ name: String, _ help: String, labels: [String], limit: Int? = nil) -> MetricFamily<Gauge> {
        family(MetricFacts(name: name, help: help, kind: .gauge, labels: labels), limit) { Gauge() }
    }

    /// A gauge that is read when the metrics are, in place of what was registered under its name.
    public func gauge(_ name: String, _ help: String, _ read: @escaping @Sendable () -> Double) {
        let facts = MetricFacts(name: name, help: help, kind: .gauge, labels: [])
        check(facts)
        let entry = Entry(facts: facts, family: facts) {
            .init(facts: facts, series: [.init(values: [], reading: .gauge(read()))])
        }
        table.withLock { $0[name] = entry }
    }

    public func histogram(_ name: String, _ help: String, buckets: [Double] = .durationBuckets) -> Histogram {
        histogram(name, help, labels: [], buckets: buckets)[]
    }

    public func histogram(
        _ name: String, _ help: String, labels: [String], buckets: [Double] = .durationBuckets, limit: Int? = nil
    ) -> MetricFamily<Histogram> {
        let bounds = buckets.filter { !$0.isNaN && $0 < .infinity }.sorted()
        let facts = MetricFacts(name: name, help: help, kind: .histogram, labels: labels)
        return family(facts, limit) { Histogram(bounds) }
    }

    /// What all metrics hold now, by name.
    public var snapshot: MetricsSnapshot {
        let entries = table.withLock { table in table.values.map(\.snapshot) }
        return MetricsSnapshot(families: entries.map { $0() }.sorted { $0.facts.name < $1.facts.name })
    }

    /// The page that a scraper reads.
    public func page(_ format: MetricsFormat = .prometheus) -> String {
        String(decoding: snapshot.page(format), as: UTF8.self)
    }

    private func family<Series: MetricSeries>(
        _ facts: MetricFacts, _ limit: Int?, _ make: @escaping @Sendable () -> Series
    ) -> MetricFamily<Series> {
        check(facts)
        let limit = limit ?? seriesLimit
        let overflow = overflow
        return table.withLock { table in
            if let known = table[facts.name] {
                guard let family = known.family as? MetricFamily<Series>, known.facts.labels == facts.labels else {
                    preconditionFailure("the metric \(facts.name) is there already with another kind or other labels")
                }
                return family
            }
            let counter = facts.labels.isEmpty ? nil : overflow[facts.name]
            let family = MetricFamily(facts, limit: limit, overflow: counter, make)
            table[facts.name] = Entry(facts: facts, family: family) { family.snapshot }
            return family
        }
    }

    private func check(_ facts: MetricFacts) {
        precondition(facts.name.isMetricName(colons: true), "\"\(facts.name)\" can't be the name of a metric")
        for label in facts.labels {
            let isReserved = label.hasPrefix("__") || facts.kind == .histogram && label == "le"
            precondition(label.isMetricName(colons: false) && !isReserved, "\"\(label)\" can't be a label")
        }
        precondition(Set(facts.labels).count == facts.labels.count, "\(facts.name) has a label twice")
    }
}

extension String {
    fileprivate func isMetricName(colons: Bool) -> Bool {
        guard let first = utf8.first, !(48...57).contains(first) else { return false }
        return utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122, 95: true
            case 58: colons
            default: false
            }
        }
    }
}
