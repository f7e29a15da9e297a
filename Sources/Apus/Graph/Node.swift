/// A unit of work: reads and changes the state of a run.
///
/// When `run` throws, what it did to the state is discarded. A node may run several times at once in different runs,
/// so it keeps nothing of its own between calls.
public protocol Node<State>: Sendable {
    associatedtype State: GraphState
    func run(_ state: inout State, in context: NodeContext) async throws
}

/// A node that stands in a graph for another one and runs it.
protocol WrappingNode {
    var wrapped: any Sendable { get }
}

/// A node made of a closure.
struct ClosureNode<State: GraphState>: Node {
    let body: @Sendable (inout State, NodeContext) async throws -> Void

    func run(_ state: inout State, in context: NodeContext) async throws {
        try await body(&state, context)
    }
}
