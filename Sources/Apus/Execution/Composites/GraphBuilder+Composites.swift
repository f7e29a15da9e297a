extension GraphBuilder {
    /// Runs `body` for each element, at most `concurrency` at once, and hands the results to `collect` in element order.
    ///
    /// Bodies see the state the node started with. The node succeeds when as many elements have succeeded as `policy` asks for;
    /// `rest` says what becomes of the others then. `retry` tries a failed element again, `timeout` cancels an attempt of
    /// an element that takes longer and fails it with ``TimeoutError``; `until` ends the node early by the results so far.
    public mutating func forEach<Elements, Output: Codable & Sendable>(
        _ id: String, _ elements: any KeyPath<State, Elements> & Sendable, concurrency: Int = 16,
        policy: ElementPolicy = .all, rest: RestPolicy = .cancel, retry: RetryPolicy? = nil,
        timeout: Duration? = nil, until: (@Sendable ([Output]) -> Bool)? = nil,
        _ body: @escaping @Sendable (Elements.Element, NodeContext) async throws -> Output,
        collect: @escaping @Sendable (inout State, [Output]) async throws -> Void
    ) -> NodeHandle<State>
    where Elements: RandomAccessCollection & Sendable, Elements.Element: Sendable, Elements.Index == Int {
        forEach(
            id, over: { $0[keyPath: elements] }, concurrency: concurrency, policy: policy, rest: rest, retry: retry,
            timeout: timeout, until: until, body, collect: collect)
    }

    /// The same, over what a pure function makes of the state.
    public mutating func forEach<Elements, Output: Codable & Sendable>(
        _ id: String, over elements: @escaping @Sendable (State) -> Elements, concurrency: Int = 16,
        policy: ElementPolicy = .all, rest: RestPolicy = .cancel, retry: RetryPolicy? = nil,
        timeout: Duration? = nil, until: (@Sendable ([Output]) -> Bool)? = nil,
        _ body: @escaping @Sendable (Elements.Element, NodeContext) async throws -> Output,
        collect: @escaping @Sendable (inout State, [Output]) async throws -> Void
    ) -> NodeHandle<State>
    where Elements: RandomAccessCollection & Sendable, Elements.Element: Sendable, Elements.Index == Int {
        let node = ForEachNode<State, Elements, Output>(
            elements: elements, concurrency: concurrency, policy: policy, collects: false, rest: rest,
            until: until, retry: retry, timeout: timeout, body: body,
            collect: { state, results in try await collect(&state, results.compactMap { try? $0.get() }) })
        return checked(add(id, .forEach, node, runsOn: rest == .runsOn), retry, timeout)
    }

    /// The limits of elements are checked as those of nodes are.
    private func checked(_ handle: NodeHandle<State>, _ retry: RetryPolicy?, _ timeout: Duration?) -> NodeHandle<State>
    {
        let name = draft.quoted(handle)
        if let retry, retry.attempts < 1 {
            draft.report(
                .invalidLimit, [handle], "An element of \(name) has \(retry.attempts) attempts.", "Use 1 or more.")
        }
        if let timeout, timeout <= .zero {
            draft.report(
                .invalidLimit, [handle], "The timeout of an element of \(name) is \(timeout).", "Use more than zero.")
        }
        return handle
    }

    /// The same, but all elements run to their end, and `settle` gets a result or an error for each.
    public mutating func forEach<Elements, Output: Codable & Sendable>(
        _ id: String, _ elements: any KeyPath<State, Elements> & Sendable, concurrency: Int = 16,
        retry: RetryPolicy? = nil, timeout: Duration? = nil,
        _ body: @escaping @Sendable (Elements.Element, NodeContext) async throws -> Output,
        settle: @escaping @Sendable (inout State, [Result<Output, any Error>]) async throws -> Void
    ) -> NodeHandle<State>
    where Elements: RandomAccessCollection & Sendable, Elements.Element: Sendable, Elements.Index == Int {
        let node = ForEachNode<State, Elements, Output>(
            elements: { $0[keyPath: elements] }, concurrency: concurrency, policy: .all, collects: true, rest: .cancel,
            until: nil, retry: retry, timeout: timeout, body: body, collect: settle)
        return checked(add(id, .forEach, node), retry, timeout)
    }

    /// Runs the branches side by side; the first to succeed wins and its change alone applies.
    public mutating func race(
        _ id: String, _ branches: [Branch<State>], rest: RestPolicy = .cancel
    ) -> NodeHandle<State> {
        let node = RaceNode(branches: branches, winners: 1, rest: rest, schema: StateSchema())
        let handle = add(id, .race, node, runsOn: rest == .runsOn)
        if branches.isEmpty {
            draft.report(.invalidLimit, [handle], "The race \"\(id)\" has no branches.", "Give it one or more.")
        }
        refuseEqualNames(branches, handle)
        return handle
    }

    /// Runs the branches side by side; the changes of the first `count` that succeed apply, in declared order.
    public mutating func quorum(
        _ id: String, _ count: Int, of branches: [Branch<State>], rest: RestPolicy = .cancel
    ) -> NodeHandle<State> {
        let node = RaceNode(branches: branches, winners: count, rest: rest, schema: StateSchema())
        let handle = add(id, .quorum, node, runsOn: rest == .runsOn)
        if count < 1 || count > branches.count {
            draft.report(
                .invalidLimit, [handle], "The quorum \"\(id)\" asks for \(count) of \(branches.count) branches.",
                "Ask for 1 to \(branches.count).")
        }
        refuseEqualNames(branches, handle)
        return handle
    }

    /// The activation of a branch is named by it.
    private func refuseEqualNames(_ branches: [Branch<State>], _ handle: NodeHandle<State>) {
        var seen: Set<String> = []
        for branch in branches where !seen.insert(branch.name).inserted {
            draft.report(
                .duplicateID, [handle], "Two branches of \(draft.quoted(handle)) have the name \"\(branch.name)\".",
                "Rename one.")
        }
    }

    /// Runs `body` as long as `condition` holds for the state.
    public mutating func loop(
        _ id: String, while condition: @escaping @Sendable (State) -> Bool, limit: Int = GraphLimits.iterations,
        _ body: some Node<State>
    ) -> NodeHandle<State> {
        add(id, .loop, LoopNode(limit: limit, condition: { state, _ in condition(state) }, body: body))
    }

    /// Runs `body` as long as `condition` holds for the state.
    public mutating func loop(
        _ id: String, while condition: @escaping @Sendable (State) -> Bool, limit: Int = GraphLimits.iterations,
        _ body: @escaping @Sendable (inout State, NodeContext) async throws -> Void
    ) -> NodeHandle<State> {
        loop(id, while: condition, limit: limit, ClosureNode(body: body))
    }

    /// Runs `body` so many times.
    public mutating func loop(
        _ id: String, times: Int, _ body: @escaping @Sendable (inout State, NodeContext) async throws -> Void
    ) -> NodeHandle<State> {
        add(
            id, .loop,
            LoopNode(limit: times, condition: { $1 < times }, body: ClosureNode<State>(body: body)))
    }

    /// Runs a graph with a state of its own as one node.
    public mutating func subgraph<Inner: GraphState>(
        _ id: String, _ graph: Graph<Inner>, in enter: @escaping @Sendable (State) throws -> Inner,
        out leave: @escaping @Sendable (inout State, Inner) throws -> Void
    ) -> NodeHandle<State> {
        add(
            id, .subgraph, SubgraphNode(graph: { graph }, enter: enter, leave: leave), inner: [graph.outline])
    }

    /// Runs a graph over the same state as one node.
    public mutating func subgraph(_ id: String, _ graph: Graph<State>) -> NodeHandle<State> {
        subgraph(id, graph, in: { $0 }, out: { $0 = $1 })
    }

    /// Runs the graph that `graph` returns, which may be the one under construction: that is how a graph refers to itself.
    public mutating func subgraph<Inner: GraphState>(
        _ id: String, _ graph: @escaping @Sendable () throws -> Graph<Inner>,
        in enter: @escaping @Sendable (State) throws -> Inner,
        out leave: @escaping @Sendable (inout State, Inner) throws -> Void
    ) -> NodeHandle<State> {
        add(id, .subgraph, SubgraphNode(graph: graph, enter: enter, leave: leave))
    }
}
