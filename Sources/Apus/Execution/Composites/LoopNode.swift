/// Runs its body again and again while a condition holds.
struct LoopNode<State: GraphState>: Node {
    let limit: Int
    let condition: @Sendable (State, Int) -> Bool
    let body: any Node<State>
    private let schema = StateSchema<State>()

    init(limit: Int, condition: @escaping @Sendable (State, Int) -> Bool, body: any Node<State>) {
        self.limit = limit
        self.condition = condition
        self.body = body
    }

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
            let records = BodyRecords(context, .change(from: before, schema))
            if let known = try records?.result(of: round) {
                state = known
                round += 1
                continue
            }
            state = try await call(round) { context in
                var state = before
                try await body.run(&state, in: context)
                return state
            }
            try await records?.ended(round, .success(state))
            round += 1
        }
    }
}
