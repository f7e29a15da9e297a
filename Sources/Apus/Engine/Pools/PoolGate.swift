/// Lets runs wait for their executors.
final class PoolGate: Sendable {
    private struct State {
        var machine: PoolMachine
        var waiting: [Int: CheckedContinuation<PoolMachine.Seat?, Never>] = [:]
        /// Those who were given an executor before they waited.
        var early: [Int: PoolMachine.Seat] = [:]
        var tickets = 0
        var decisions: [PoolDecision] = []
        /// Those that nobody has been told of.
        var news: [PoolDecision] = []
    }

    /// How many decisions are remembered.
    static let memory = 100

    private let state: Guarded<State>
    private let pools: [ExecutorPool]

    init(_ pools: [ExecutorPool]) {
        self.pools = pools
        state = Guarded(State(machine: PoolMachine(pools)))
    }

    func canDo(_ requires: Set<String>) -> Bool { state.withLock { $0.machine.canDo(requires) } }
    func hasRoom(_ requires: Set<String>) -> Bool { state.withLock { $0.machine.hasRoom(requires) } }

    /// The decisions since it was last asked.
    func takeNews() -> [PoolDecision] {
        state.withLock { state in
            defer { state.news = [] }
            return state.news
        }
    }

    var decisions: [PoolDecision] { state.withLock { $0.decisions } }

    var status: [PoolStatus] {
        state.withLock { state in
            zip(pools, state.machine.members).map { pool, members in
                PoolStatus(
                    pool: pool.name,
                    executors: members.map {
                        PoolStatus.Executor(
                            number: $0.seat.number, running: $0.running, waiting: $0.waiting.count,
                            isLeaving: $0.isLeaving)
                    })
            }
        }
    }

    /// Performs `body` on an executor that has what it requires, as soon as one is free. Throws `CancellationError` if the task is cancelled
    /// before.
    func perform<Value>(
        _ requires: Set<String>, at now: Instant, _ body: () async throws -> Value
    ) async throws -> Value {
        guard let seat = await seat(requires, at: now) else { throw CancellationError() }
        defer { leave(seat) }
        return try await body()
    }

    private func seat(_ requires: Set<String>, at now: Instant) async -> PoolMachine.Seat? {
        let (ticket, free) = state.withLock { state in
            state.tickets += 1
            return (state.tickets, state.machine.arrive(state.tickets, requires, at: now))
        }
        if let free { return free }
        scale(at: now)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                wait(ticket, continuation)
            }
        } onCancel: {
            give(up: ticket)
        }
    }

    private func wait(_ ticket: Int, _ continuation: CheckedContinuation<PoolMachine.Seat?, Never>) {
        let early = state.withLock { state -> PoolMachine.Seat?? in
            if let early = state.early.removeValue(forKey: ticket) { return early }
            if Task.isCancelled, state.machine.withdraw(ticket) { return .some(nil) }
            state.waiting[ticket] = continuation
            return nil
        }
        if let early { continuation.resume(returning: early) }
    }

    private func give(up ticket: Int) {
        let continuation = state.withLock { state -> CheckedContinuation<PoolMachine.Seat?, Never>? in
            guard let continuation = state.waiting[ticket], state.machine.withdraw(ticket) else { return nil }
            state.waiting[ticket] = nil
            return continuation
        }
        continuation?.resume(returning: nil)
    }

    private func leave(_ seat: PoolMachine.Seat) {
        begin(state.withLock { state in state.machine.left(seat).map { [$0] } ?? [] })
    }

    /// Lets pools grow and shrink as it is time.
    func scale(at now: Instant) {
        let begun = state.withLock { state in
            let (decisions, begun) = state.machine.scale(at: now)
            state.decisions = (state.decisions + decisions).suffix(Self.memory)
            state.news = (state.news + decisions).suffix(Self.memory)
            return begun
        }
        begin(begun)
    }

    private func begin(_ begun: [(ticket: Int, seat: PoolMachine.Seat)]) {
        for (ticket, seat) in begun {
            let continuation = state.withLock { state in
                let continuation = state.waiting.removeValue(forKey: ticket)
                // It is on its way to wait.
                if continuation == nil { state.early[ticket] = seat }
                return continuation
            }
            continuation?.resume(returning: seat)
        }
    }
}

/// How a pool of executors is.
public struct PoolStatus: Sendable, Equatable {
    public struct Executor: Sendable, Equatable {
        public var number: Int
        public var running: Int
        /// How many runs wait for it; an idle executor takes them over.
        public var waiting: Int
        /// Whether it only ends what it executes.
        public var isLeaving: Bool
    }

    public var pool: String
    public var executors: [Executor]
}

extension Engine {
    /// The executors of this engine and how loaded they are; none if it has no pools.
    public var pools: [PoolStatus] { gate?.status ?? [] }

    /// The last changes of the sizes of pools, the newest at the end.
    public var poolDecisions: [PoolDecision] { gate?.decisions ?? [] }
}
