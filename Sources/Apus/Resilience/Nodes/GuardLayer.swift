/// A guard before each attempt of a node.
struct GuardLayer<State: GraphState>: NodeLayer {
    let place: NodeLayerPlace
    /// By the state before the attempt.
    let choose: @Sendable (State) -> any CallGuard

    func run(
        _ before: State, in context: NodeContext, _ work: @escaping @Sendable (State) async throws -> State
    ) async throws -> State {
        try await choose(before).run(in: context.environment) { try await work(before) }
    }
}

/// Attempts of an idempotent node side by side.
struct HedgeLayer<State: GraphState>: NodeLayer {
    let hedge: Hedge
    var place: NodeLayerPlace { .hedge }

    func run(
        _ before: State, in context: NodeContext, _ work: @escaping @Sendable (State) async throws -> State
    ) async throws -> State {
        try await hedge.run(in: context.environment) { _ in try await work(before) }
    }
}

/// A node whose result is remembered.
struct CacheLayer<State: GraphState, Key: Encodable, Value: Codable & Sendable>: NodeLayer {
    /// Equal keys of different nodes are different questions.
    private struct Question: Encodable {
        let graph: String
        let node: String
        let key: Key
    }

    let cache: ContentCache
    let path: any WritableKeyPath<State, Value> & Sendable
    let key: @Sendable (State) -> Key
    let tags: @Sendable (State) -> [String]
    var place: NodeLayerPlace { .cache }

    func run(
        _ before: State, in context: NodeContext, _ work: @escaping @Sendable (State) async throws -> State
    ) async throws -> State {
        let question = Question(graph: context.site.graph, node: context.nodeID, key: key(before))
        var after = before
        let value = try await cache.value(for: question, tags: tags(before), in: context.environment) {
            after = try await work(before)
            return after[keyPath: path]
        }
        after[keyPath: path] = value
        return after
    }
}
