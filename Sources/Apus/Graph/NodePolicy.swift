/// What the executor does around one node.
struct NodePolicy<State: GraphState>: Sendable {
    var retry: RetryPolicy?
    var timeout: Duration?
    var fallback: (any Node<State>)?
    var passesOver = false
    var priority = 0
    var criticalKey: String?
    var iterationLimit: Int?

    /// Whether the state before the node must be kept, since a failed attempt does not end the run.
    var keepsState: Bool { retry != nil || timeout != nil || fallback != nil || passesOver }
}
