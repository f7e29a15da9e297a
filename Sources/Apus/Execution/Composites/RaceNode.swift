/// One of the bodies of a race or a quorum.
public struct Branch<State: GraphState>: Sendable {
    /// Different from those of the other branches.
    public var name: String
    let node: any Node<State>

    public init(_ name: String, _ node: some Node<State>) {
        self.name = name
        self.node = node
    }

    public init(_ name: String, _ body: @escaping @Sendable (inout State, NodeContext) async throws -> Void) {
        self.init(name, ClosureNode(body: body))
    }
}

/// Runs its branches side by side; the changes of the first so many apply in declared order, those of the others are dropped.
struct RaceNode<State: GraphState>: Node {
    let branches: [Branch<State>]
    let winners: Int
    let rest: RestPolicy
    let schema: StateSchema<State>
    private var needed: Int { Planted()(.loserApplies) ? min(winners + 1, branches.count) : winners }

    func run(_ state: inout State, in context: NodeContext) async throws {
        let before = state
        let branches = branches
        let names = branches.map(\.name)
        let site = ActivationSite(
            context.site.services, graph: context.site.graph, names: names, prefix: context.activation.path,
            scope: context.scope)
        let group = BodyGroup<Won>(
            Gather(count: branches.count, needed: needed, collects: false), context, until: nil, site: site,
            codec: codec(before))
        let perform: @Sendable (Int, NodeContext) async throws -> Won = { index, context in
            var state = before
            try await branches[index].node.run(&state, in: context)
            return Won(index: index, state: state)
        }
        if rest == .runsOn {
            return try await group.runOn(workers: branches.count, perform) {
                try merge(before, group.results(), context)
            }
        }
        try await group.run(workers: branches.count, perform)
        state = try merge(before, group.results(), context)
    }

    /// What a branch left.
    private struct Won: Sendable {
        var index: Int
        var state: State
    }

    /// A branch is written down as its number and its change.
    private func codec(_ before: State) -> BodyCodec<Won> {
        let states = BodyCodec<State>.change(from: before, schema)
        return BodyCodec(
            encode: { won in
                var writer = JSONWriter()
                let change = try states.encode(won.state)
                writer.array { pair in
                    pair.number(won.index)
                    pair.raw(change)
                }
                return writer.bytes
            },
            decode: { json in
                var index: Int?
                var change: [UInt8] = []
                var reader = JSONReader(json)
                try reader.array { reader throws(JSONReader.Malformed) in
                    if index == nil {
                        index = Int(truncatingIfNeeded: try reader.integer())
                    } else {
                        change = try reader.raw()
                    }
                }
                return Won(index: index ?? 0, state: try states.decode(change))
            })
    }

    private func merge(_ before: State, _ results: [Result<Won, any Error>], _ context: NodeContext) throws -> State {
        let won = results.compactMap { try? $0.get() }.prefix(needed)
        context.extras?.handle?.keepSent(by: won.map(\.index))
        if won.count == 1, let only = won.first { return only.state }
        var state = before
        var ledger = WriteLedger()
        for winner in won {
            guard let change = schema.change(from: before, to: winner.state) else { continue }
            if let found = ledger.record(unit: winner.index, writes: change.writes, isAfter: { _, _ in false }) {
                let (first, second) = (branches[found.other].name, branches[winner.index].name)
                throw schema.conflict(field: found.field, key: found.key, between: first, and: second)
            }
            try change.apply(to: &state)
        }
        return state
    }
}
