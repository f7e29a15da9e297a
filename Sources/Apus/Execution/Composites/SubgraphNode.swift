/// Runs a graph with a state of its own as one node.
struct SubgraphNode<State: GraphState, Inner: GraphState>: Node {
    let graph: @Sendable () throws -> Graph<Inner>
    let enter: @Sendable (State) throws -> Inner
    let leave: @Sendable (inout State, Inner) throws -> Void

    func run(_ state: inout State, in context: NodeContext) async throws {
        guard let core = context.site.services as? RunCore else {
            preconditionFailure("a subgraph runs inside a run")
        }
        if context.attempt > 1 { core.journal?.add(JournalRecord(.retried, "\(context.activation)")) }
        let run = GraphRun(try graph(), core, prefix: context.activation.path, scope: context.scope)
        let final = try await run.run(from: try enter(state))
        try leave(&state, final)
    }
}

extension SubgraphNode: CompensatingNode {
    func compensation(_ name: String, of activation: ArraySlice<Substring>) -> DraftCompensation? {
        (try? graph())?.compensation(name, of: activation)
    }
}

extension SubgraphNode: SoundnessNode {
    func innerFacts(_ descent: inout SoundnessDescent) -> SoundnessFacts? {
        guard let graph = try? graph() else { return nil }
        return descent.enter(graph)
    }
}
