import Synchronization

/// A number that goes up and down: how much there is of something now.
public final class Gauge: MetricSeries {
    private let bits = Atomic<UInt64>(0)

    init() {}

    public func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    public func set(_ value: Int) { set(Double(value)) }

    public func add(_ amount: Double) { bits.add(amount) }

    public func add(_ amount: Int) { bits.add(Double(amount)) }

    public var value: Double { bits.double }

    public var reading: MetricReading { .gauge(value) }
}
