/// The only door to the outside: time, randomness and the place where tasks run.
///
/// Everything in this package that needs one of these asks the environment of its run for it, so that a
/// simulated environment replays any run from a seed.
public protocol Environment: Sendable {
    /// Where the tasks of a run execute; `nil` leaves it to Swift's global pool.
    var executor: (any TaskExecutor)? { get }
    /// The present.
    func now() -> Instant
    /// Returns at `deadline`, or throws `CancellationError` promptly when the task is cancelled.
    func sleep(until deadline: Instant) async throws
    /// Returns after `duration`, or throws `CancellationError` promptly when the task is cancelled. It is ``sleep(until:)`` unless
    /// there is a shorter way.
    func sleep(for duration: Duration) async throws
    /// The next random number, uniform over all 64 bits.
    func random() -> UInt64
}

extension Environment {
    public func sleep(for duration: Duration) async throws {
        try await sleep(until: now().advanced(by: duration))
    }

    /// Starts a task on this environment's executor. It is the one place where an unstructured task begins; the caller awaits it.
    public func spawn<Success: Sendable>(
        _ body: @escaping @Sendable () async throws -> Success
    ) -> Task<Success, any Error> {
        Task(executorPreference: executor, operation: body)
    }
}

/// The real world: the machine's clocks, its random source and Swift's global pool.
public struct LiveEnvironment: Environment {
    public init() {}

    public var executor: (any TaskExecutor)? { nil }

    public func now() -> Instant {
        let wall = SystemClocks.wall()
        return Instant(uptime: SystemClocks.monotonic(), sinceEpoch: wall)
    }

    public func sleep(until deadline: Instant) async throws {
        try await sleep(until: deadline.uptime)
    }

    public func sleep(for duration: Duration) async throws {
        try await sleep(until: SystemClocks.monotonic() + duration)
    }

    private func sleep(until deadline: Duration) async throws {
        try Task.checkCancellation()
        if deadline > SystemClocks.monotonic() { try await SleepQueue.live.sleep(until: deadline) }
    }

    public func random() -> UInt64 { RandomPool.live.next() }
}

extension Environment where Self == LiveEnvironment {
    /// The real world.
    public static var live: LiveEnvironment { LiveEnvironment() }
}
