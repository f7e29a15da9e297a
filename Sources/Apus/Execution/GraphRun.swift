import Synchronization

/// The driver of one graph in one run: performs what ``RunMachine`` decides.
///
/// While one branch is open, the machine and the state live in the task that runs it, and nothing is locked, copied or
/// compared. When branches open side by side, both go into `shared`, each branch runs in a task of one group, and the
/// task that owns the group starts what becomes ready.
final class GraphRun<State: GraphState>: Sendable {
    /// A node that is ready, with what it needs to run.
    struct Ready: Sendable {
        var node: Int
        var state: State
        var iteration: Int
        var extras: ActivationExtras?
    }

    /// What the owner of the group does next.
    enum Order: Sendable {
        case start([Ready])
        case cancelAll
        case end
    }

    /// A failure after which the graph goes on, with the rounds it happened in.
    struct LedOnFailure: Sendable {
        var rounds: [Int]
        var failure: NodeFailure
    }

    struct Shared: ~Copyable {
        var machine: RunMachine?
        var book: ChangeBook<State>?
        var orders: [Order] = []
        var owner: CheckedContinuation<Order, Never>?
        var result: Result<State, any Error>?
        var failure: (any Error)?
        /// The failures that lead on, by the node that failed.
        var failures: [Int: LedOnFailure] = [:]
        var stops: [Int: StopSignal] = [:]
        var isStopped = false
    }

    let graph: Graph<State>
    let core: RunCore
    let site: ActivationSite
    let shared = Mutex(Shared())
    let mailboxes: [Mailbox]
    private let stopped = Atomic<Bool>(false)

    init(_ graph: Graph<State>, _ core: RunCore, prefix: [ActivationID.Component]) {
        self.graph = graph
        self.core = core
        site = ActivationSite(core, names: graph.plan.names, prefix: prefix)
        mailboxes = graph.channels.map { _ in Mailbox() }
    }

    var plan: GraphPlan { graph.plan }
    @inline(__always) var isStopped: Bool { stopped.load(ordering: .relaxed) }

    /// Runs the graph to its end and returns its final state.
    func run(from initial: State, start: Int) async throws -> State {
        try await withTaskCancellationHandler {
            var machine = RunMachine(graph.plan)
            let first = machine.start(start)
            return try await begin(&machine, initial, first)
        } onCancel: {
            cancel()
        }
    }

    private func begin(_ machine: inout RunMachine, _ initial: State, _ first: RunMachine.Next) async throws -> State {
        var state = initial
        switch await runAlone(&machine, &state, first) {
        case .finished: return state
        case .failed(let error): throw error
        case .opened: break
        }
        let batch = share(&machine, state)
        await withDiscardingTaskGroup { group in
            var order = Order.start(batch)
            while true {
                switch order {
                case .start(let batch):
                    for ready in batch {
                        group.addTask(executorPreference: core.environment.executor) { await self.branch(ready) }
                    }
                case .cancelAll: group.cancelAll()
                case .end: return
                }
                order = await nextOrder()
            }
        }
        let result = shared.withLock { $0.result }
        guard let result else { preconditionFailure("the graph \(graph.name) ended without a result") }
        return try result.get()
    }

    private func nextOrder() async -> Order {
        await withCheckedContinuation { continuation in
            let order = shared.withLock { shared -> Order? in
                if !shared.orders.isEmpty { return shared.orders.removeFirst() }
                if shared.result != nil { return .end }
                shared.owner = continuation
                return nil
            }
            if let order { continuation.resume(returning: order) }
        }
    }

    /// Stops the graph from outside: what runs is cancelled with its task, nothing new starts.
    private func cancel() {
        stopped.store(true, ordering: .relaxed)
        let wake = shared.withLock { shared -> Wake? in
            guard shared.machine != nil else { return nil }
            shared.machine?.stop(.cancelling)
            if let next = shared.machine?.next(), next == .finished { conclude(&shared) }
            return takeWake(&shared)
        }
        wake?.perform()
    }
}

// MARK: Orders to the owner

extension GraphRun {
    /// The owner, with what it is to do, to be resumed outside the lock.
    struct Wake {
        let owner: CheckedContinuation<Order, Never>
        let order: Order

        func perform() { owner.resume(returning: order) }
    }

    func takeWake(_ shared: inout Shared) -> Wake? {
        guard let owner = shared.owner else { return nil }
        let order: Order
        if !shared.orders.isEmpty {
            order = shared.orders.removeFirst()
        } else if shared.result != nil {
            order = .end
        } else {
            return nil
        }
        shared.owner = nil
        return Wake(owner: owner, order: order)
    }

    /// Nothing is under way any more: works out the result.
    func conclude(_ shared: inout Shared) {
        guard shared.result == nil else { return }
        shared.result = outcome(&shared)
    }

    private func outcome(_ shared: inout Shared) -> Result<State, any Error> {
        switch shared.machine?.phase {
        case .failing: return .failure(shared.failure ?? CancellationError())
        case .cancelling: return .failure(CancellationError())
        case .running, .finishing, nil:
            do {
                guard let state = try shared.book?.result() else { return .failure(CancellationError()) }
                return .success(state)
            } catch {
                return .failure(RunError(.stateConflict, graph: graph.name, underlying: error))
            }
        }
    }
}
