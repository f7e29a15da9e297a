/// Checks a draft as a whole and turns it into what the executor needs.
struct GraphCompiler<State: GraphState> {
    struct Compiled {
        var plan: GraphPlan
        var table: NodeTable<State>
        var schema: StateSchema<State>
        var outline: GraphOutline
        var contents: GraphDraft<State>.Contents
    }

    private let name: String
    private let contents: GraphDraft<State>.Contents
    private var shape = GraphShape()
    private var diagnostics: [GraphDiagnostic]

    init(_ name: String, _ draft: GraphDraft<State>) {
        self.name = name
        contents = draft.read { $0 }
        diagnostics = contents.diagnostics
        shape.names = contents.nodes.map(\.id)
        shape.exits = contents.nodes.map(Self.exit)
        shape.starts = [CaseShape(label: nil, targets: contents.starts)]
        shape.starts += contents.entries.map { CaseShape(label: $0.name, targets: $0.targets) }
    }

    private static func exit(_ node: DraftNode<State>) -> ExitShape {
        var shape = ExitShape(failure: node.failureTargets)
        guard let exit = node.exit else {
            shape.cases = [CaseShape(targets: [])]
            return shape
        }
        shape.cases = exit.cases
        switch exit.choice {
        case .always: shape.kind = .always
        case .route: shape.kind = .route
        case .select: shape.kind = .select
        }
        return shape
    }

    mutating func compile() throws(GraphError) -> Compiled {
        let schema = StateSchema<State>()
        for reason in schema.diagnostics {
            note(.invalidField, [], reason, "")
        }
        checkNames()
        checkPolicies()
        let edges = ShapeEdges(shape)
        checkReach(edges)
        let forest = LoopForest(shape, edges)
        diagnostics += forest.diagnostics
        try throwIfAny()
        let units = GraphUnits(shape, edges, forest)
        if !forest.loops.isEmpty {
            var refusals = LoopRefusals(units)
            diagnostics += refusals.diagnostics()
        }
        checkTime(units)
        try throwIfAny()
        let limits = forest.loops.map { loop in
            let nodes = loop.header.map { [$0] } ?? loop.core
            return Int32(
                clamping: nodes.compactMap { contents.nodes[$0].policy.iterationLimit }.min() ?? GraphLimits.iterations)
        }
        let plan = GraphPlan(
            units, entries: contents.entries.map(\.name), limits: limits, constraints: contents.constraints)
        return Compiled(
            plan: plan, table: NodeTable(contents.nodes, traits(plan, forest)), schema: schema,
            outline: OutlineBuilder(name, shape, units).outline(contents),
            contents: contents)
    }

    private func throwIfAny() throws(GraphError) {
        if !diagnostics.isEmpty { throw GraphError(graph: name, diagnostics: diagnostics) }
    }

    private mutating func note(_ code: GraphDiagnostic.Code, _ nodes: [String], _ reason: String, _ mend: String) {
        diagnostics.append(GraphDiagnostic(code, nodes: nodes, reason: reason, mend: mend))
    }

    private mutating func checkNames() {
        var seen: Set<String> = []
        for id in shape.names {
            if id.isEmpty { note(.emptyName, [id], "A node has an empty id.", "Give it a name.") }
            if !seen.insert(id).inserted {
                note(.duplicateID, [id], "Two nodes have the id \"\(id)\".", "Rename one.")
            }
        }
        var entries: Set<String> = []
        for entry in contents.entries where !entries.insert(entry.name).inserted {
            note(.duplicateID, [], "Two entries have the name \"\(entry.name)\".", "Rename one.")
        }
    }

    private mutating func checkPolicies() {
        for node in contents.nodes {
            if node.policy.passesOver, node.failureTargets != nil {
                note(
                    .unusedFailureExit, [node.id],
                    "\"\(node.id)\" is passed over when it fails, so its onFailure exit leads nowhere.",
                    "Take out passedOverOnFailure or onFailure.")
            }
            if let limit = node.policy.iterationLimit, limit < 1 {
                note(.invalidLimit, [node.id], "The iteration limit of \"\(node.id)\" is \(limit).", "Use 1 or more.")
            }
            if let retry = node.policy.retry, retry.attempts < 1 {
                note(.invalidLimit, [node.id], "\"\(node.id)\" has \(retry.attempts) attempts.", "Use 1 or more.")
            }
            if let limit = node.policy.heartbeat, limit <= .zero {
                note(.invalidLimit, [node.id], "The heartbeat of \"\(node.id)\" is \(limit).", "Use more than zero.")
            }
            if let timeout = node.policy.timeout, timeout <= .zero {
                note(.invalidLimit, [node.id], "The timeout of \"\(node.id)\" is \(timeout).", "Use more than zero.")
            }
        }
        checkHedges()
    }

    /// A hedged node runs twice at once, which only plain, idempotent nodes bear.
    private mutating func checkHedges() {
        for (index, node) in contents.nodes.enumerated()
        where node.policy.layers.contains(where: { $0.place == .hedge }) {
            if !node.policy.isIdempotent {
                note(
                    .unfitForHedging, [node.id], "\"\(node.id)\" is hedged, and may run twice for one activation.",
                    "Add idempotent() if that does no harm, or take out hedged(_:).")
            }
            let sends = contents.channels.contains { $0.senders.contains(index) || $0.reader == index }
            if node.kind != .node || sends {
                note(
                    .unfitForHedging, [node.id],
                    "\"\(node.id)\" is a composite or uses a channel, and can't be hedged.",
                    "Hedge the nodes inside, or the request itself with Hedge.run.")
            }
        }
    }

    private mutating func checkReach(_ edges: ShapeEdges) {
        if shape.starts.allSatisfy(\.targets.isEmpty) {
            note(.nothingToStart, [], "Nothing starts.", "Name the first node with start(at:) or entry(_:at:).")
            return
        }
        let reached = edges.reachable()
        for node in 0..<shape.count where !reached[node] {
            let id = shape.names[node]
            note(
                .unreachableNode, [id], "No path from the start reaches \"\(id)\".",
                "Lead an exit to it, start at it, or remove it.")
        }
    }

    /// Milestones order units of one round, and must not contradict the edges.
    private mutating func checkTime(_ units: GraphUnits) {
        for milestone in contents.constraints.milestones {
            let nodes = [milestone.node, milestone.after, milestone.before]
            let scopes = nodes.map { units.scope(ofUnit: $0) }
            guard Set(scopes).count > 1 else { continue }
            note(
                .unordered, nodes.map { shape.names[$0] },
                "The milestone of \"\(shape.names[nodes[0]])\" orders nodes of different loops.",
                "Use nodes of the same round.")
        }
    }

    private func traits(_ plan: GraphPlan, _ forest: LoopForest) -> [NodeTraits] {
        var mended: Set<Int> = []
        for node in contents.nodes { mended.formUnion(node.failureTargets ?? []) }
        let heralds = Set(contents.constraints.milestones.map(\.node))
        var handled = Set(contents.constraints.regions.flatMap(\.members))
        for channel in contents.channels {
            handled.formUnion(channel.senders)
            if let reader = channel.reader { handled.insert(reader) }
        }
        return contents.nodes.enumerated().map { index, node in
            var traits = NodeTraits()
            let policy = node.policy
            if policy.keepsState || policy.criticalKey != nil { traits.insert(.policy) }
            switch node.exit?.choice {
            case .route, .select: traits.insert(.choice)
            case .always, nil: break
            }
            if node.failureTargets != nil { traits.insert(.failure) }
            if plan.loop(headedBy: index) >= 0
                || (forest.scopes[index] >= 0 && forest.loops[forest.scopes[index]].isRegion)
            {
                traits.insert(.limited)
            }
            if handled.contains(index) || node.runsOn { traits.insert(.handle) }
            if node.runsOn { traits.insert(.runsOn) }
            if mended.contains(index) { traits.insert(.mends) }
            if heralds.contains(index) { traits.insert(.heralds) }
            if forest.scopes[index] >= 0, forest.loops[forest.scopes[index]].depth > 1 { traits.insert(.nested) }
            return traits
        }
    }
}
