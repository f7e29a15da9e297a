/// Runs its body again and again while a condition holds.
struct LoopNode<State: GraphState>: Node {
    let limit: Int
    let condition: @Sendable (State, Int) -> Bool
    let body: any Node<State>

    func run(_ state: inout State, in context: NodeContext) async throws {
        let call = BodyCall(context)
        var round = 0
        while condition(state, round) {
            guard round < limit else {
                let graph = context.site.graph
                throw RunError(.iterationLimit, graph: graph, activation: context.activation, detail: "\(limit)")
            }
            try Task.checkCancellation()
            let before = state
            state = try await call(round) { context in
                var state = before
                try await body.run(&state, in: context)
                return state
            }
            round += 1
        }
    }
}
