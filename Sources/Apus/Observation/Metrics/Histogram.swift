/// How values are distributed over buckets that are fixed beforehand.
public final class Histogram: MetricSeries {
    /// The upper bounds of the buckets, each value included, ascending; what is above the last counts, too.
    public let bounds: [Double]
    private let state: Guarded<State>

    private struct State {
        var counts: [Int]
        var sum = 0.0
    }

    init(_ bounds: [Double]) {
        self.bounds = bounds
        state = Guarded(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    /// Counts a value. One that is no number counts above all bounds and is left out of the sum.
    public func record(_ value: Double) {
        let bucket = value.isNaN ? bounds.count : place(of: value)
        state.withLock { state in
            state.counts[bucket] += 1
            if !value.isNaN { state.sum += value }
        }
    }

    /// Counts a duration in seconds.
    public func record(_ value: Duration) { record(value.seconds) }

    public var reading: MetricReading {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        return .histogram(HistogramReading(bounds: bounds, counts: counts, sum: sum))
    }

    private func place(of value: Double) -> Int {
        var (low, high) = (0, bounds.count)
        while low < high {
            let middle = (low + high) / 2
            if value <= bounds[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// What a ``Histogram`` held at a moment.
public struct HistogramReading: Sendable, Hashable, Codable {
    public var bounds: [Double]
    /// By bucket, not added up; one more than there are bounds.
    public var counts: [Int]
    public var sum: Double

    public init(bounds: [Double], counts: [Int], sum: Double) {
        self.bounds = bounds
        self.counts = counts
        self.sum = sum
    }

    public var count: Int { counts.reduce(0, +) }

    /// The value that this part of all values does not exceed, evenly spread within its bucket; `nil` if there are none. What lies
    /// above all bounds counts as the last bound.
    public func quantile(_ part: Double) -> Double? {
        let rank = part * Double(count)
        guard count > 0, let last = bounds.last else { return nil }
        var below = 0.0
        for (bucket, bound) in bounds.enumerated() {
            let here = Double(counts[bucket])
            if here > 0, below + here >= rank {
                let low = bucket == 0 ? min(0, bound) : bounds[bucket - 1]
                return low + (bound - low) * max(0, rank - below) / here
            }
            below += here
        }
        return last
    }
}

extension [Double] {
    /// Bounds for durations in seconds, from half a millisecond to ten minutes.
    public static var durationBuckets: [Double] {
        [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600]
    }

    /// As many bounds, each the one before times `factor`.
    public static func exponentialBuckets(from first: Double, factor: Double, count: Int) -> [Double] {
        var bounds: [Double] = []
        var bound = first
        for _ in 0..<count {
            bounds.append(bound)
            bound *= factor
        }
        return bounds
    }
}

extension Duration {
    /// As a number of seconds.
    package var seconds: Double {
        let parts = components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }
}
