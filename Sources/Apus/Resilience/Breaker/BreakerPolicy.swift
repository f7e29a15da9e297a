/// When a circuit breaker opens, for how long, and what closes it again.
public struct BreakerPolicy: Sendable {
    /// What opens a closed circuit.
    public enum Trip: Sendable, Hashable {
        /// So many failures in a row.
        case consecutive(Int)
        /// This share of failures, from 0 to 1, among the calls that ended in the last `window`, once they are `minimum` or more. The window
        /// moves on by tenths of its length.
        case rate(Double, over: Duration, minimum: Int)
    }

    public var trip: Trip
    /// How long a circuit stays open the first time; each time that it opens again without having been closed, `factor` times as long.
    public var openTime: Duration
    public var factor: Double
    /// The longest time that it stays open.
    public var openLimit: Duration
    /// How many calls a half-open circuit lets through; it closes when all of them succeed, and opens when one fails.
    public var probes: Int
    /// Which errors are failures. Others say nothing about what is behind the circuit, and neither does a call that was cancelled.
    public var counts: @Sendable (any Error) -> Bool

    public init(
        trip: Trip = .consecutive(5), openTime: Duration = .seconds(30), factor: Double = 2,
        openLimit: Duration = .seconds(600), probes: Int = 1,
        counts: @escaping @Sendable (any Error) -> Bool = BreakerPolicy.troubles
    ) {
        self.trip = trip
        self.openTime = openTime
        self.factor = factor
        self.openLimit = openLimit
        self.probes = probes
        self.counts = counts
    }

    /// Opens after so many failures in a row.
    public static func consecutive(_ failures: Int, openTime: Duration = .seconds(30), probes: Int = 1) -> Self {
        Self(trip: .consecutive(failures), openTime: openTime, probes: probes)
    }

    /// Opens when this share of the calls in a window fails.
    public static func rate(
        _ share: Double, over window: Duration = .seconds(60), minimum: Int = 20, openTime: Duration = .seconds(30),
        probes: Int = 1
    ) -> Self {
        Self(trip: .rate(share, over: window, minimum: minimum), openTime: openTime, probes: probes)
    }

    /// Timeouts, and all errors but those that call themselves permanent (the other side did answer), what guards further inside
    /// refused, and what is not done for want of health.
    @Sendable
    public static func troubles(_ error: any Error) -> Bool {
        if error is TimeoutError { return true }
        if error is ResilienceError || error is DegradedError { return false }
        return (error as? any ClassifiedError)?.failureKind != .permanent
    }

    /// How long a circuit stays open that opens for the `number`-th time in a row, from 1.
    func openTime(_ number: Int) -> Duration {
        var time = openTime
        for _ in 1..<max(1, number) where time < openLimit { time = min(openLimit, time * factor) }
        return min(time, openLimit)
    }
}
