/// Something that stands around the work of a node, such as a circuit breaker.
///
/// Layers stand in the order of their ``place``, whatever the order of the modifiers that added them; those of one place in the order in
/// which they were added, the first outside.
package protocol NodeLayer<State>: Sendable {
    associatedtype State: GraphState
    var place: NodeLayerPlace { get }
    /// What the node makes of `before`; `work` is what stands inside, and may be performed any number of times.
    func run(
        _ before: State, in context: NodeContext, _ work: @escaping @Sendable (State) async throws -> State
    ) async throws -> State
}

/// Where a layer stands, from the outside to the inside. The retry policy is between `cache` and `hedge`, the timeout inside of all.
package enum NodeLayerPlace: Int, Sendable, Comparable {
    case cache, hedge, other, breaker, rate, bulkhead

    /// Whether it stands around all attempts rather than around each.
    package var isAroundAttempts: Bool { self < .hedge }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension NodeHandle {
    /// Puts a layer around the node, at its place among the others.
    @discardableResult
    package func layered(_ layer: some NodeLayer<State>) -> Self {
        draft?.modify(index) { node in
            let layers = node.policy.layers
            let position = layers.firstIndex { $0.place > layer.place } ?? layers.count
            node.policy.layers.insert(layer, at: position)
        }
        return self
    }
}
