import Synchronization

/// The driver of one graph in one run: performs what ``RunMachine`` decides.
///
/// While one branch is open, the machine and the state live in the task that runs it, and nothing is locked, copied or
/// compared. When branches open side by side, both go into `shared`, each branch runs in a task of one group, and the
/// task that owns the group starts what becomes ready. All of this is free of the state's type; ``GraphRun`` knows it.
///
/// Invariant: constants, atomics and one mutex; subclasses add constants alone.
class GraphDriver: @unchecked Sendable {
    let plan: GraphPlan
    let facts: NodeFacts
    let kit: any StateKit
    let graphName: String
    let siblings: SiblingPolicy
    let channels: [DraftChannel]
    let core: RunCore
    let planted = Planted()
    let site: ActivationSite
    let mailboxes: [Mailbox]
    /// What the graph began with; the journal measures changes of undeclared fields by it.
    let origin = Guarded<StateBox?>(nil)
    let shared = Guarded(Shared())
    /// Nothing new starts any more.
    let isClosing = Atomic<Bool>(false)
    private let stopped = Atomic<Bool>(false)

    init<State>(
        _ graph: Graph<State>, _ core: RunCore, prefix: [ActivationID.Component], scope: ActivationScope?
    ) {
        plan = graph.plan
        facts = graph.table.facts
        kit = graph.kit
        graphName = graph.name
        siblings = graph.siblings
        channels = graph.channels
        self.core = core
        site = ActivationSite(
            core, graph: graph.name, names: graph.plan.names, prefix: prefix, priorities: facts.priorities,
            scope: scope)
        mailboxes = graph.channels.map { [facts] channel in
            let isZipped = channel.reader.map { facts.kinds[$0] == .zip } ?? false
            return Mailbox(isSorted: isZipped && channel.senders.count > 1)
        }
    }

    /// Whether the graph was cancelled from outside.
    @inline(__always) final var isStopped: Bool { stopped.load(ordering: .relaxed) }

    /// Performs one activation; the subclass knows the node.
    func perform(_ ready: Ready, _ context: NodeContext, exceedsLimit: Bool) async -> Performed {
        preconditionFailure("a driver performs nodes")
    }

    /// Runs the only open branch as long as it is the only one.
    func runAlone(_ machine: inout RunMachine, from state: StateBox, _ node: Int) async -> (Ending, StateBox) {
        preconditionFailure("a driver performs nodes")
    }

    /// Boxes the state of a composite that completes before its end, and evaluates its exit.
    func performed(_ node: Int, early state: any Sendable) -> Performed {
        preconditionFailure("a driver performs nodes")
    }

    /// What undoes an activation that has completed and left this state, if its node says so.
    func compensation(of context: NodeContext, _ after: StateBox) throws -> JournalRecord? {
        preconditionFailure("a driver knows its nodes")
    }

    /// Runs the branches that are open, and all that follow, in one group of tasks.
    final func runBranches(_ batch: [Ready]) async -> Result<StateBox, any Error> {
        if core.journal != nil { core.activity.less() }
        await withDiscardingTaskGroup { group in
            // A cancellation reaches the innermost first. So the graph hears of it before its branches do, and does not take one that
            // was quicker on its thread for a branch that the graph itself cancelled, and goes on without.
            await withTaskCancellationHandler {
                await perform(.start(batch), in: &group)
            } onCancel: {
                cancel()
            }
        }
        let result = shared.withLock { $0.result }
        guard let result else { preconditionFailure("the graph \(graphName) ended without a result") }
        return result
    }

    /// Performs an order and those that follow, until the graph has its result.
    private func perform(_ first: Order, in group: inout DiscardingTaskGroup) async {
        var order = first
        while true {
            switch order {
            case .start(let batch):
                if let journal = core.journal { await settle(journal) }
                await start(batch, in: &group)
            case .cancelAll: group.cancelAll()
            case .end: return
            }
            order = await nextOrder()
        }
    }

    private func nextOrder() async -> Order {
        await withCheckedContinuation { continuation in
            let order = shared.withLock { shared -> Order? in
                if let order = shared.takeOrder() { return order }
                shared.owner = continuation
                return nil
            }
            if let order { continuation.resume(returning: order) }
        }
    }

    /// Stops the graph from outside: what runs is cancelled with its task, nothing new starts.
    final func cancel() {
        stopped.store(true, ordering: .relaxed)
        isClosing.store(true, ordering: .relaxed)
        let wake = shared.withLock { shared -> Wake? in
            guard shared.machine != nil else { return nil }
            shared.machine?.stop(.cancelling)
            if let next = shared.machine?.next(), next == .finished { conclude(&shared) }
            return shared.takeWake()
        }
        wake?.perform()
    }

    /// Nothing is under way any more: works out the result.
    final func conclude(_ shared: inout Shared) {
        guard shared.result == nil else { return }
        if core.journal != nil { core.activity.more() }
        switch shared.machine?.phase {
        case .failing: shared.result = .failure(shared.failure ?? CancellationError())
        case .cancelling, nil: shared.result = .failure(CancellationError())
        case .running, .finishing:
            if let conflict = shared.conflict { return shared.result = .failure(conflict) }
            do {
                guard let state = try shared.book?.result() else { return }
                shared.result = .success(state)
            } catch {
                shared.result = .failure(RunError(.stateConflict, graph: graphName, underlying: error))
            }
        }
    }
}
