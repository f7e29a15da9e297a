/// Gathers the nodes and edges of a graph; ``Graph`` checks them as a whole when the closure returns.
public struct GraphBuilder<State: GraphState>: ~Copyable {
    let draft = GraphDraft<State>()

    init() {}

    // What nodes and routes hold may name handles, and these hold the draft.
    deinit { draft.close() }
}

// MARK: Nodes

extension GraphBuilder {
    /// Declares a node.
    public mutating func node(_ id: String, _ node: some Node<State>) -> NodeHandle<State> {
        add(id, .node, node)
    }

    /// Declares a node whose work is a closure.
    public mutating func node(
        _ id: String, _ body: @escaping @Sendable (inout State, NodeContext) async throws -> Void
    ) -> NodeHandle<State> {
        add(id, .node, ClosureNode(body: body))
    }

    func add(
        _ id: String, _ kind: NodeOutline.Kind, _ body: any Node<State>, inner: [GraphOutline] = [],
        runsOn: Bool = false
    ) -> NodeHandle<State> {
        let index = draft.read { contents in
            contents.nodes.append(DraftNode(id: id, kind: kind, body: body, inner: inner, runsOn: runsOn))
            return contents.nodes.count - 1
        }
        return NodeHandle(index: index, draft: draft)
    }
}

// MARK: Starts

extension GraphBuilder {
    /// The nodes that a run starts with; all of them start.
    public mutating func start(at nodes: NodeHandle<State>...) { start(at: nodes) }

    /// The nodes that a run starts with; all of them start.
    public mutating func start(at nodes: [NodeHandle<State>]) {
        let targets = draft.resolve(nodes, of: "start")
        draft.read { $0.starts += targets }
    }

    /// An alternative start: a run that names it begins with these nodes instead.
    public mutating func entry(_ name: String, at nodes: NodeHandle<State>...) { entry(name, at: nodes) }

    /// An alternative start: a run that names it begins with these nodes instead.
    public mutating func entry(_ name: String, at nodes: [NodeHandle<State>]) {
        let targets = draft.resolve(nodes, of: "entry \(name)")
        draft.read { $0.entries.append(DraftEntry(name: name, targets: targets)) }
    }
}

// MARK: Exits

extension GraphBuilder {
    /// Follows `source` with one node.
    public mutating func edge(from source: NodeHandle<State>, to target: NodeHandle<State>) {
        draft.exit(of: source, .always, [CaseShape(targets: [target.index])], [target])
    }

    /// Follows each node with the next.
    public mutating func chain(_ nodes: NodeHandle<State>...) {
        for (source, target) in Swift.zip(nodes, nodes.dropFirst()) { edge(from: source, to: target) }
    }

    /// Follows `source` with several nodes side by side.
    public mutating func fork(from source: NodeHandle<State>, to targets: NodeHandle<State>...) {
        fork(from: source, to: targets)
    }

    /// Follows `source` with several nodes side by side.
    public mutating func fork(from source: NodeHandle<State>, to targets: [NodeHandle<State>]) {
        draft.exit(of: source, .always, [CaseShape(targets: targets.map(\.index))], targets)
    }

    /// Ends the path after `source`. A node without an exit ends its path too; this says that it is meant.
    public mutating func end(after source: NodeHandle<State>) {
        draft.exit(of: source, .always, [CaseShape(targets: [])], [])
    }

    /// Ends the whole graph after `source`: nothing new starts, and what runs is cancelled.
    public mutating func finish(after source: NodeHandle<State>) {
        edge(from: source, to: .finish)
    }

    /// Goes on with the node that `choose` picks from `targets`: a pure function of the state that `source` left.
    public mutating func route(
        from source: NodeHandle<State>, to targets: [NodeHandle<State>],
        _ choose: @escaping @Sendable (State) -> NodeHandle<State>
    ) {
        let indices = targets.map(\.index)
        let cases = targets.map { [draft] in CaseShape(label: draft.name($0), targets: [$0.index]) }
        draft.refuseRepeated(indices, source)
        let route = { @Sendable [draft] (state: State) in draft.position(of: choose(state), in: indices) }
        draft.exit(of: source, .route(route), cases, targets)
    }

    /// Goes on with the case whose name `choose` returns. A case without targets ends the path.
    public mutating func route(
        from source: NodeHandle<State>, cases: [RouteCase<State>], _ choose: @escaping @Sendable (State) -> String
    ) {
        let labels = cases.map(\.name)
        for (position, label) in labels.enumerated() where labels.firstIndex(of: label) != position {
            draft.report(
                .duplicateCase, [source], "The route of \(draft.quoted(source)) names the case \"\(label)\" twice.",
                "Rename one.")
        }
        let shapes = cases.map { CaseShape(label: $0.name, targets: $0.targets.map(\.index)) }
        draft.exit(of: source, .route({ labels.firstIndex(of: choose($0)) }), shapes, cases.flatMap(\.targets))
    }

    /// Goes on by a value of the state; `target` is asked for every value when the graph is built, and a `switch` in it is exhaustive.
    public mutating func route<Value: CaseIterable & Hashable & Sendable>(
        from source: NodeHandle<State>, by path: any KeyPath<State, Value> & Sendable,
        _ target: (Value) -> NodeHandle<State>
    ) {
        route(from: source, by: path, Dictionary(uniqueKeysWithValues: Set(Value.allCases).map { ($0, target($0)) }))
    }

    /// Goes on by a value of the state, with the target of each value in a dictionary.
    public mutating func route<Value: CaseIterable & Hashable & Sendable>(
        from source: NodeHandle<State>, by path: any KeyPath<State, Value> & Sendable,
        _ targets: [Value: NodeHandle<State>]
    ) {
        var cases: [CaseShape] = []
        var handles: [NodeHandle<State>] = []
        var positions: [Value: Int] = [:]
        for value in Value.allCases where positions[value] == nil {
            guard let target = targets[value] else {
                draft.report(
                    .missingCase, [source],
                    "The route of \(draft.quoted(source)) has no target for the case \"\(value)\".",
                    "Give it one, .end if the path ends there.")
                continue
            }
            positions[value] = cases.count
            cases.append(CaseShape(label: "\(value)", targets: [target.index]))
            handles.append(target)
        }
        let known = positions
        draft.exit(of: source, .route({ known[$0[keyPath: path]] }), cases, handles)
    }

    /// Goes on with any of `targets`, also none: a pure function of the state that `source` left.
    public mutating func select(
        from source: NodeHandle<State>, to targets: [NodeHandle<State>],
        _ choose: @escaping @Sendable (State) -> [NodeHandle<State>]
    ) {
        let indices = targets.map(\.index)
        draft.refuseRepeated(indices, source)
        let cases = targets.map { [draft] in CaseShape(label: draft.name($0), targets: [$0.index]) }
        let select = { @Sendable [draft] (state: State) -> [Int]? in
            var chosen: [Int] = []
            for handle in choose(state) {
                guard let position = draft.position(of: handle, in: indices) else { return nil }
                if !chosen.contains(position) { chosen.append(position) }
            }
            return chosen
        }
        draft.exit(of: source, .select(select), cases, targets)
    }

    /// Goes on with `targets` instead of the exit when `source` has failed for good. They read ``NodeContext/failures``.
    public mutating func onFailure(of source: NodeHandle<State>, to targets: NodeHandle<State>...) {
        onFailure(of: source, to: targets)
    }

    /// Goes on with `targets` instead of the exit when `source` has failed for good. They read ``NodeContext/failures``.
    public mutating func onFailure(of source: NodeHandle<State>, to targets: [NodeHandle<State>]) {
        let indices = draft.resolve(targets, of: "onFailure of \(draft.quoted(source))")
        guard draft.owns(source) else { return }
        let isSecond = draft.read { contents in
            defer { contents.nodes[source.index].failureTargets = indices }
            return contents.nodes[source.index].failureTargets != nil
        }
        if isSecond {
            draft.report(
                .secondFailureExit, [source], "\(draft.quoted(source)) has two onFailure exits.",
                "Name all targets in one, or remove one.")
        }
    }
}

/// One way a route can go.
public struct RouteCase<State: GraphState>: Sendable {
    public var name: String
    public var targets: [NodeHandle<State>]

    public init(_ name: String, to targets: NodeHandle<State>...) {
        self.init(name, to: targets)
    }

    public init(_ name: String, to targets: [NodeHandle<State>]) {
        self.name = name
        self.targets = targets
    }
}
