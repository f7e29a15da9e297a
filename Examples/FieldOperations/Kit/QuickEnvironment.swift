import Apus

/// The real world with a quick clock: time passes `speed` times as fast.
struct QuickEnvironment: Environment {
    private let base: any Environment
    private let speed: Double
    private let origin: Instant
    private let start: Duration

    /// Processes that are given the same two moments agree about the time: at `began` on the real calendar it was `start` here.
    init(_ base: any Environment, speed: Double, began: WallTime, start: WallTime) {
        self.base = base
        self.speed = speed
        let now = base.now()
        let passed = now.sinceEpoch - .milliseconds(began.milliseconds)
        origin = now
        self.start = .milliseconds(start.milliseconds) + passed * speed
    }

    var executor: (any TaskExecutor)? { base.executor }

    func now() -> Instant {
        let passed = origin.duration(to: base.now()) * speed
        return Instant(uptime: origin.uptime + passed, sinceEpoch: start + passed)
    }

    func random() -> UInt64 { base.random() }

    func sleep(until deadline: Instant) async throws {
        let left = now().duration(to: deadline)
        try await sleep(for: left)
    }

    func sleep(for duration: Duration) async throws { try await base.sleep(for: duration / speed) }
}
