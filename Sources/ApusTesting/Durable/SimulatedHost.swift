public import Apus

/// A process inside a ``Simulator``: its tasks share the thread and the seed with all others, but it can stand still and it can die.
///
/// When it dies, none of its tasks goes on: no `defer` runs and nothing is told, as after `kill -9`. What it had given away, such
/// as a commit on its way, arrives nevertheless.
public final class SimulatedHost: TaskExecutor {
    /// What becomes of its tasks.
    public enum Condition: Sendable, Hashable {
        case runs
        /// They stand still, while time goes on.
        case paused
        /// They never go on.
        case dead
        /// It is dead, and what it left is cleared away: its tasks go on without having any effect.
        case cleared
    }

    private struct State {
        var condition = Condition.runs
        var held: [UnownedJob] = []
        var skew = Duration.zero
        var isClockTurned = false
        var worker: String?
    }

    public let name: String
    /// The name of the engine that runs on it.
    var worker: String? {
        get { state.withLock { $0.worker } }
        set { state.withLock { $0.worker = newValue } }
    }
    private let simulator: Simulator
    private let state = Guarded(State())

    public init(_ name: String, in simulator: Simulator) {
        self.name = name
        self.simulator = simulator
    }

    public var condition: Condition { state.withLock { $0.condition } }

    /// Whether what it does counts.
    public var isAlive: Bool {
        switch condition {
        case .runs, .paused: true
        case .dead, .cleared: false
        }
    }

    /// How far its calendar clock is ahead of the true time.
    public var skew: Duration {
        get { state.withLock { $0.skew } }
        set { state.withLock { $0.skew = newValue } }
    }

    /// Whether its calendar clock was turned while it ran.
    var isClockTurned: Bool { state.withLock { $0.isClockTurned } }

    /// Turns its calendar clock while it runs.
    func turnClock(to skew: Duration) { state.withLock { ($0.skew, $0.isClockTurned) = (skew, true) } }

    public func pause() { turn(to: .paused, from: .runs) }
    public func goOn() { turn(to: .runs, from: .paused) }

    public func kill() {
        turn(to: .dead, from: .paused)
        turn(to: .dead, from: .runs)
    }

    /// Lets the tasks of a dead host come to their end, once they are cancelled, so that they do not take memory for ever.
    public func clear() { turn(to: .cleared, from: .dead) }

    /// Ends it with these tasks, which are all that was begun there: one that is alive is stopped in good order, and what a dead one
    /// left is cleared away.
    public func end(_ work: [Task<Void, any Error>?]) async {
        goOn()
        for task in work { task?.cancel() }
        clear()
        for task in work { _ = await task?.result }
    }

    private func turn(to condition: Condition, from other: Condition) {
        let jobs = state.withLock { state -> [UnownedJob] in
            guard state.condition == other else { return [] }
            state.condition = condition
            guard condition == .runs || condition == .cleared else { return [] }
            defer { state.held = [] }
            return state.held
        }
        for job in jobs { simulator.enqueue(job, for: self) }
    }

    public func enqueue(_ job: consuming ExecutorJob) { simulator.enqueue(UnownedJob(job), for: self) }

    /// Runs a job, or keeps it until the host goes on.
    func run(_ job: UnownedJob) {
        let isHeld = state.withLock { state in
            guard state.condition == .paused || state.condition == .dead else { return false }
            state.held.append(job)
            return true
        }
        if !isHeld { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}

/// The environment of what runs on a ``SimulatedHost``: the simulator's, with the host's calendar clock.
public struct HostEnvironment: Environment {
    public let host: SimulatedHost
    private let base: any Environment

    public init(_ host: SimulatedHost, _ base: any Environment) {
        self.host = host
        self.base = base
    }

    public var executor: (any TaskExecutor)? { host }

    public func now() -> Instant {
        var now = base.now()
        now.sinceEpoch += host.skew
        return now
    }

    public func random() -> UInt64 { base.random() }
    public func sleep(until deadline: Instant) async throws { try await base.sleep(until: deadline) }
}
