/// What the executor does around one node.
struct NodePolicy<State: GraphState>: Sendable {
    /// A node that may stand in.
    struct Fallback: Sendable {
        let accepts: @Sendable (any Error) -> Bool
        let node: any Node<State>
    }

    var retry: RetryPolicy?
    var timeout: Duration?
    /// In the order in which they are asked.
    var fallbacks: [Fallback] = []
    /// From the outside to the inside.
    var layers: [any NodeLayer<State>] = []
    var isIdempotent = false
    var passesOver = false
    var priority = 0
    var criticalKey: String?
    var iterationLimit: Int?
    var compensation: NodeCompensation<State>?
    /// By when it has to have ended, by the state before it and the present.
    var deadline: (@Sendable (State, WallTime) -> WallTime?)?
    /// How long it may give no sign of life.
    var heartbeat: Duration?

    /// Whether the state before the node must be kept, since a failed attempt does not end the run.
    var keepsState: Bool {
        retry != nil || timeout != nil || !fallbacks.isEmpty || passesOver || !layers.isEmpty || deadline != nil
            || heartbeat != nil
    }
}
