import Synchronization

/// The driver of a graph that knows the type of its state, and so can call its nodes.
///
/// Invariant: it adds constants alone.
final class GraphRun<State: GraphState>: GraphDriver, @unchecked Sendable {
    let graph: Graph<State>
    /// The type of its boxes, so that a branch does not look it up.
    private let box = TypedBox<State>.self
    /// What it starts with: 0 for the start, 1 + its position for an entry.
    private let start: Int

    init(
        _ graph: Graph<State>, _ core: RunCore, prefix: [ActivationID.Component] = [], start: Int = 0,
        scope: ActivationScope? = nil
    ) {
        self.graph = graph
        self.start = start
        super.init(graph, core, prefix: prefix, scope: scope)
    }

    /// Runs the graph to its end and returns its final state.
    func run(from initial: State) async throws -> State {
        let final = try await withTaskCancellationHandler {
            if let journal = core.journal {
                origin.withLock { $0 = TypedBox(initial) }
                let past = journal.past
                let endings = past.endings(in: site.path)
                if site.prefix.isEmpty, let snapshot = past.snapshot { return try await runOn(from: snapshot, endings) }
                if !endings.isEmpty { return try await runRestored(endings, initial) }
            }
            var machine = RunMachine(plan)
            var state = initial
            machine.isLogging = core.isWatched
            let first = machine.start(start)
            reportLog(&machine)
            switch await runAlone(&machine, &state, first) {
            case .finished: return state
            case .failed(let error): throw error
            case .opened: break
            }
            return try await runBranches(share(&machine, TypedBox(state)))
        } onCancel: {
            cancel()
        }
        // A composite may have taken the error of a body that could not start for a result.
        if core.isOutOfSteps { throw core.limitError() }
        return final
    }

    /// Goes on where the journal ends.
    private func runRestored(_ past: [JournalRecord], _ initial: State) async throws -> State {
        var machine = RunMachine(plan)
        if case .run(let first) = machine.start(start) { machine.putBack(first) }
        let open = try restore(past, into: &machine, from: TypedBox(initial))
        return try await runBranches(open)
    }

    @inline(never)
    func runBranches(_ batch: [Ready]) async throws -> State {
        TypedKit<State>.open(try await runBranches(batch).get())
    }

    override func perform(_ ready: Ready, _ context: NodeContext, exceedsLimit: Bool) async -> Performed {
        var state = TypedKit<State>.open(ready.state)
        let traits = facts.traits[ready.node]
        guard core.isUnattended, traits.isPlain, !exceedsLimit else {
            let outcome = await perform(ready.node, &state, context, traits, exceedsLimit: exceedsLimit)
            return result(outcome, ready.state, state)
        }
        do {
            try core.countActivation()
            try await graph.table.nodes[ready.node].run(&state, in: context)
            let isCancelled = isClosing.load(ordering: .relaxed) && (Task.isCancelled || isStopped)
            let chosen = traits.contains(.choice) ? choose(ready.node, state) : .chose(0)
            return result(isCancelled ? .cancelled : chosen, ready.state, state)
        } catch {
            return result(
                outcome(of: error, ready.node, TypedKit<State>.open(ready.state), context), ready.state, state)
        }
    }

    /// The state counts only if the node succeeded.
    func result(_ outcome: ActivationOutcome, _ before: StateBox, _ state: State) -> Performed {
        switch outcome {
        case .chose, .selected,
            .failed where planted(.failedChangeKept), .cancelled where planted(.cancelledBranchWrites):
            return Performed(outcome: outcome, state: box.init(state))
        case .failed, .passedOver, .passedOverSelecting, .cancelled, .aborted:
            return Performed(outcome: outcome, state: before)
        }
    }

    override func runAlone(
        _ machine: inout RunMachine, from start: StateBox, _ node: Int
    ) async -> (Ending, StateBox) {
        var state = TypedKit<State>.open(start)
        let ending = await runAlone(&machine, &state, .run(node))
        return (ending, TypedBox(state))
    }

    override func compensation(of context: NodeContext, _ after: StateBox) throws -> JournalRecord? {
        guard let known = graph.table.policies[Int(context.node)].compensation else { return nil }
        return JournalRecord(
            .compensation, "\(context.activation)", name: known.name, number: NodeCompensation<State>.number,
            value: try known.value(TypedKit<State>.open(after)))
    }

    override func performed(_ node: Int, early state: any Sendable) -> Performed {
        guard let state = state as? State else { preconditionFailure("a composite hands on a state of its graph") }
        return Performed(outcome: choose(node, state), state: TypedBox(state))
    }
}
