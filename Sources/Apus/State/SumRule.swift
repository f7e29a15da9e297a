/// A sum left the range of its type.
struct SumOverflow: Error {}

/// Adds up integers. Values beyond 128 signed bits are replaced instead.
struct SumRule<Value: FixedWidthInteger & Codable & Sendable>: MergeRule {
    private let least = Int128(exactly: Value.min) ?? .min
    private let greatest = Int128(exactly: Value.max) ?? .max

    func operation(from before: Value, to after: Value) -> SumDelta? {
        guard let old = widened(before), let new = widened(after) else { return nil }
        let (difference, overflow) = new.subtractingReportingOverflow(old)
        return overflow ? nil : SumDelta(difference)
    }

    func payload(from before: Value, to after: Value) -> TypedPayload<SumDelta>? {
        operation(from: before, to: after).map { TypedPayload($0) }
    }

    func apply(_ operation: SumDelta, to value: inout Value) throws {
        guard let start = widened(value) else { throw SumOverflow() }
        let reached = try operation.advanced(from: start)
        guard reached.lowest >= least, reached.highest <= greatest else { throw SumOverflow() }
        value = Value(truncatingIfNeeded: reached.total)
    }

    func combine(_ earlier: inout SumDelta, with later: SumDelta) throws {
        let reached = try later.advanced(from: earlier.total)
        earlier.total = reached.total
        earlier.lowest = min(earlier.lowest, reached.lowest)
        earlier.highest = max(earlier.highest, reached.highest)
    }

    private func widened(_ value: Value) -> Int128? {
        if Value.bitWidth > 64 { return Int128(exactly: value) }
        return Value.isSigned
            ? Int128(Int64(truncatingIfNeeded: value)) : Int128(UInt64(truncatingIfNeeded: value))
    }
}

/// What was added, and how far the running total strayed on the way.
///
/// The extremes make an overflow independent of how changes are grouped: adding 200 and then −200 to a byte fails
/// whether or not both were combined first.
struct SumDelta: Codable, Equatable, Sendable {
    var total: Int128
    var lowest: Int128
    var highest: Int128

    init(_ total: Int128) {
        self.total = total
        lowest = min(0, total)
        highest = max(0, total)
    }

    func advanced(from start: Int128) throws -> SumDelta {
        var moved = self
        moved.total = try Self.add(start, total)
        moved.lowest = try Self.add(start, lowest)
        moved.highest = try Self.add(start, highest)
        return moved
    }

    private static func add(_ left: Int128, _ right: Int128) throws -> Int128 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        if overflow { throw SumOverflow() }
        return sum
    }

    /// Decimal text: the total, and the extremes where they are not its own. Many formats have no wider integer.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        let text = self == SumDelta(total) ? "\(total)" : "\(total) \(lowest) \(highest)"
        try container.encode(text)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let numbers = try container.decode(String.self).split(separator: " ").compactMap { Int128($0) }
        guard numbers.count == 1 || numbers.count == 3 else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a sum")
        }
        self.init(numbers[0])
        if numbers.count == 3 { (lowest, highest) = (numbers[1], numbers[2]) }
    }
}
