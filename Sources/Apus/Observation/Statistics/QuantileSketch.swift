import Foundation

/// How values are distributed, in little memory: any quantile of what it took in is off by at most ``accuracy`` of its value.
///
/// It is a DDSketch (Masson, Rim and Lee, VLDB 2019): buckets that grow by a constant factor. Sketches of one accuracy merge
/// without further loss, in any order. Values are at least 0; smaller ones than 1e-9 count as 0.
public struct QuantileSketch: Sendable, Hashable, Codable {
    /// The relative error.
    public let accuracy: Double
    /// By bucket; bucket `i` holds values above `factor^(i-1)` up to `factor^i`.
    private var buckets: [Int: Int] = [:]
    private var zeros = 0
    public private(set) var count = 0
    public private(set) var sum = 0.0
    public private(set) var minimum: Double?
    public private(set) var maximum: Double?
    private static var most: Int { 2_048 }

    public init(accuracy: Double = 0.01) {
        precondition(accuracy > 0 && accuracy < 1, "a sketch can't be off by \(accuracy) of its values")
        self.accuracy = accuracy
    }

    private var factor: Double { (1 + accuracy) / (1 - accuracy) }

    /// Takes a value in; one that is no number or infinite is left out.
    public mutating func insert(_ value: Double) {
        guard value.isFinite else { return }
        let value = max(0, value)
        count += 1
        sum += value
        minimum = min(minimum ?? value, value)
        maximum = max(maximum ?? value, value)
        guard value >= 1e-9 else {
            zeros += 1
            return
        }
        buckets[Int((log(value) / log(factor)).rounded(.up)), default: 0] += 1
        if buckets.count > Self.most { collapse() }
    }

    public mutating func insert(_ value: Duration) { insert(value.seconds) }

    /// Takes in what another one did. Both have one accuracy.
    public mutating func merge(_ other: QuantileSketch) {
        precondition(accuracy == other.accuracy, "sketches of \(accuracy) and \(other.accuracy) can't be merged")
        buckets.merge(other.buckets) { $0 + $1 }
        zeros += other.zeros
        count += other.count
        sum += other.sum
        minimum = [minimum, other.minimum].compactMap(\.self).min()
        maximum = [maximum, other.maximum].compactMap(\.self).max()
        if buckets.count > Self.most { collapse() }
    }

    /// The value that this part of all values does not exceed; `nil` if there are none.
    public func quantile(_ part: Double) -> Double? {
        guard count > 0, let minimum, let maximum else { return nil }
        let rank = Int((min(1, max(0, part)) * Double(count - 1)).rounded(.down))
        var seen = zeros
        if rank < seen { return 0 }
        for bucket in buckets.keys.sorted() {
            seen += buckets[bucket] ?? 0
            if rank < seen { return min(maximum, max(minimum, 2 * pow(factor, Double(bucket)) / (factor + 1))) }
        }
        return maximum
    }

    public var mean: Double? { count > 0 ? sum / Double(count) : nil }

    /// Puts the smallest values together, so that large ones stay exact.
    private mutating func collapse() {
        let keys = buckets.keys.sorted()
        let excess = keys.count - Self.most
        guard excess > 0 else { return }
        for key in keys.prefix(excess) { buckets[keys[excess], default: 0] += buckets.removeValue(forKey: key) ?? 0 }
    }
}
