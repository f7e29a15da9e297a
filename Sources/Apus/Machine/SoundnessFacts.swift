/// What the soundness check knows of a graph: its plan and its policies, without its code and its state's type.
struct SoundnessFacts: Sendable {
    struct Node: Sendable {
        /// The turn it needs.
        var key: String?
        var hasTimeout = false
        /// Its failure never takes its failure exit.
        var passesOver = false
        /// It goes on after its last attempt has failed, at least when that took too long.
        var mends = false
        /// The channels it reads.
        var reads: [Int] = []
        /// It may have enough before all senders have ended.
        var endsEarly = false
        /// The graph it runs: one, or none.
        var inner: [SoundnessFacts] = []
    }

    var plan: GraphPlan
    var nodes: [Node]
    var channels: [DraftChannel]

    /// All turns that something in the graph needs, in subgraphs too, in alphabetical order.
    var keys: [String] { Array(Set(nodes.flatMap { ($0.key.map { [$0] } ?? []) + $0.inner.flatMap(\.keys) })).sorted() }
}

/// The way into graphs within graphs, which may contain themselves.
struct SoundnessDescent {
    private var plans: [ObjectIdentifier] = []
    /// Whether a graph was left out since it stands too deep.
    private(set) var wasCut = false

    /// Follows `graph`, unless it is inside itself already or too deep.
    mutating func enter<State: GraphState>(_ graph: Graph<State>) -> SoundnessFacts? {
        let plan = ObjectIdentifier(graph.plan)
        if plans.filter({ $0 == plan }).count > 1 { return nil }
        if plans.count > SoundnessReport.depth {
            wasCut = true
            return nil
        }
        plans.append(plan)
        defer { plans.removeLast() }
        return facts(of: graph)
    }

    private mutating func facts<State: GraphState>(of graph: Graph<State>) -> SoundnessFacts {
        let table = graph.table
        var nodes: [SoundnessFacts.Node] = []
        for node in graph.plan.names.indices {
            let policy = table.policies[node]
            let body = table.innermost(node, as: (any SoundnessNode).self)
            var facts = SoundnessFacts.Node(
                key: policy.criticalKey, hasTimeout: policy.timeout != nil, passesOver: policy.passesOver,
                mends: policy.passesOver || !policy.fallbacks.isEmpty, endsEarly: body?.mayEndEarly ?? false)
            facts.reads = graph.channels.indices.filter { graph.channels[$0].reader == node }
            facts.inner = body?.innerFacts(&self).map { [$0] } ?? []
            nodes.append(facts)
        }
        return SoundnessFacts(plan: graph.plan, nodes: nodes, channels: graph.channels)
    }
}

/// A node that tells the soundness check what is inside it.
protocol SoundnessNode {
    /// Whether it reads a channel and may have enough before all senders have ended.
    var mayEndEarly: Bool { get }
    /// The graph it runs, if it runs one.
    func innerFacts(_ descent: inout SoundnessDescent) -> SoundnessFacts?
}

extension SoundnessNode {
    var mayEndEarly: Bool { false }
    func innerFacts(_ descent: inout SoundnessDescent) -> SoundnessFacts? { nil }
}
