public import Apus

/// The environment inside a ``Simulator``: virtual time, seeded random numbers and one thread.
public struct SimulatedEnvironment: Environment {
    /// Calendar time at the beginning of every simulation: 2026-01-01T00:00:00Z.
    static let epoch: Duration = .seconds(1_767_225_600)

    private let simulator: Simulator

    init(simulator: Simulator) { self.simulator = simulator }

    public var executor: (any TaskExecutor)? { simulator }

    public func now() -> Instant {
        let elapsed = simulator.use("now()") { $0.elapsed }
        return Instant(uptime: elapsed, sinceEpoch: Self.epoch + elapsed)
    }

    public func random() -> UInt64 { simulator.use("random()") { $0.random() } }

    public func sleep(until deadline: Instant) async throws {
        try Task.checkCancellation()
        guard deadline.uptime > now().uptime else { return }
        try await simulator.sleep(until: deadline.uptime)
    }
}
