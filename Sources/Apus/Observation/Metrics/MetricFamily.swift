/// One metric with labels: a series for each combination of values.
///
/// The number of series is bounded. What comes after that counts in one series whose labels are all `other`, and each such
/// look-up counts in `apus_metrics_overflow_total`.
public final class MetricFamily<Series: MetricSeries>: Sendable {
    public let facts: MetricFacts
    private let limit: Int
    private let make: @Sendable () -> Series
    private let overflow: Counter?
    private let state = Guarded(State())

    private struct State {
        var series: [[String]: Series] = [:]
        var other: Series?
    }

    init(_ facts: MetricFacts, limit: Int, overflow: Counter?, _ make: @escaping @Sendable () -> Series) {
        self.facts = facts
        self.limit = max(1, limit)
        self.overflow = overflow
        self.make = make
    }

    /// The series with these values, in the order of ``MetricFacts/labels``. Looking it up takes a lock: keep it at hand where
    /// that counts.
    public subscript(_ values: String...) -> Series { series(values) }

    public func series(_ values: [String]) -> Series {
        precondition(
            values.count == facts.labels.count, "\(facts.name) has the labels \(facts.labels), not \(values.count)")
        let (series, isOther) = state.withLock { state -> (Series, Bool) in
            if let known = state.series[values] { return (known, false) }
            if state.series.count >= limit {
                let other = state.other ?? make()
                state.other = other
                return (other, true)
            }
            let new = make()
            state.series[values] = new
            return (new, false)
        }
        if isOther { overflow?.increment() }
        return series
    }

    /// Forgets a series, such as that of a queue that is gone.
    public func remove(_ values: String...) { state.withLock { _ = $0.series.removeValue(forKey: values) } }

    var snapshot: MetricsSnapshot.Family {
        let (known, other) = state.withLock { ($0.series, $0.other) }
        var rows = known.map { MetricsSnapshot.Series(values: $0.key, reading: $0.value.reading) }
        rows.sort { $0.values.lexicographicallyPrecedes($1.values) }
        if let other {
            let values = Array(repeating: "other", count: facts.labels.count)
            rows.removeAll { $0.values == values }
            let named = known[values]?.reading
            rows.append(.init(values: values, reading: named.map { $0.adding(other.reading) } ?? other.reading))
        }
        return MetricsSnapshot.Family(facts: facts, series: rows)
    }
}

/// What one series of a metric holds.
public protocol MetricSeries: AnyObject, Sendable {
    var reading: MetricReading { get }
}

/// What is said about a metric once.
public struct MetricFacts: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable { case counter, gauge, histogram }

    /// Letters, digits, `_` and `:`; a counter's without `_total`, which its samples have.
    public var name: String
    public var help: String
    public var kind: Kind
    public var labels: [String]
}

/// What a series held at a moment.
public enum MetricReading: Sendable, Hashable, Codable {
    case counter(Double)
    case gauge(Double)
    case histogram(HistogramReading)

    /// A number for comparisons: of a histogram how many values it has.
    public var value: Double {
        switch self {
        case .counter(let value), .gauge(let value): value
        case .histogram(let reading): Double(reading.count)
        }
    }

    func adding(_ other: MetricReading) -> MetricReading {
        switch (self, other) {
        case (.counter(let left), .counter(let right)): return .counter(left + right)
        case (.gauge(let left), .gauge(let right)): return .gauge(left + right)
        case (.histogram(let left), .histogram(let right)) where left.bounds == right.bounds:
            let counts = zip(left.counts, right.counts).map { $0 + $1 }
            return .histogram(HistogramReading(bounds: left.bounds, counts: counts, sum: left.sum + right.sum))
        default: return self
        }
    }
}
