import Synchronization

/// A number that only grows: how often something happened.
///
/// Counting a whole number is one atomic addition. Keep the counter at hand rather than look it up each time.
public final class Counter: MetricSeries {
    private let whole = Atomic<Int>(0)
    /// The bits of a number that is added to ``whole``.
    private let rest = Atomic<UInt64>(0)

    init() {}

    public func increment(by amount: Int = 1) {
        precondition(amount >= 0, "a counter can't go down by \(-amount)")
        whole.wrappingAdd(amount, ordering: .relaxed)
    }

    public func increment(by amount: Double) {
        precondition(amount >= 0, "a counter can't go down by \(-amount)")
        rest.add(amount)
    }

    public var value: Double { Double(whole.load(ordering: .relaxed)) + rest.double }

    public var reading: MetricReading { .counter(value) }
}

extension Atomic<UInt64> {
    /// The number whose bits it holds.
    borrowing func add(_ amount: Double) {
        var seen = load(ordering: .relaxed)
        while true {
            let sum = (Double(bitPattern: seen) + amount).bitPattern
            let result = weakCompareExchange(expected: seen, desired: sum, ordering: .relaxed)
            if result.exchanged { return }
            seen = result.original
        }
    }

    var double: Double { Double(bitPattern: load(ordering: .relaxed)) }
}
