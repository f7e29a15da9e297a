import Apus

/// Lets the calendar stand still until a clause moves it. All else, the monotonic clock and sleeping too, is the environment beneath.
final class ConformanceEnvironment: Environment {
    private let base: any Environment
    private let calendar: Guarded<Duration>

    init(on base: any Environment) {
        self.base = base
        let wholeMilliseconds = base.now().wallTime.milliseconds
        calendar = Guarded(.milliseconds(wholeMilliseconds))
    }

    var executor: (any TaskExecutor)? { base.executor }

    func now() -> Instant {
        Instant(uptime: base.now().uptime, sinceEpoch: calendar.withLock { $0 })
    }

    func sleep(until deadline: Instant) async throws { try await base.sleep(for: now().duration(to: deadline)) }

    func sleep(for duration: Duration) async throws { try await base.sleep(for: duration) }

    func random() -> UInt64 { base.random() }

    /// Moves the calendar forward.
    func advance(by duration: Duration) { calendar.withLock { $0 += duration } }

    /// The moment that lies this far ahead on the calendar.
    func later(by duration: Duration) -> WallTime { now().wallTime.advanced(by: duration) }
}
