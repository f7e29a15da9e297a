/// How the work of one node is undone, as its policy keeps it.
struct NodeCompensation<State: GraphState>: Sendable {
    let name: String
    /// What the compensation needs, as JSON, from the state that the node left.
    let value: @Sendable (State) throws -> [UInt8]

    /// Tells it from those that the node itself registers, which count from 1.
    static var number: Int { 0 }
}

extension NodeHandle {
    /// Registers how the node is undone when it has completed: `value` takes from the state it left what the compensation needs.
    ///
    /// It is stored in one commit with the completion, so a node that did not complete has nothing to undo. A node that does several
    /// things registers each with `context.compensate(_:with:)` as it does it.
    @discardableResult
    public func compensated<Value: Codable & Sendable>(
        by compensation: Compensation<Value>, _ value: @escaping @Sendable (State) throws -> Value
    ) -> Self {
        let draft = NodeCompensation<State>(name: compensation.name) { try JSONCoding.encode(try value($0)) }
        return setting { $0.policy.compensation = draft }
    }

    /// The same with a compensation of the node's own, which gets the state that the node left.
    ///
    /// All of that state is stored once more. The compensation has the name of the node.
    @discardableResult
    public func compensated(
        retry: RetryPolicy? = nil,
        _ body: @escaping @Sendable (State, CompensationContext) async throws -> Void
    ) -> Self {
        guard let draft, let name = draft.read({ $0.nodes.indices.contains(index) ? $0.nodes[index].id : nil }) else {
            return self
        }
        let own = DraftCompensation(name: name, retry: retry) { json, context in
            try await body(try JSONCoding.decode(State.self, from: json), context)
        }
        draft.declare(own)
        return setting {
            $0.policy.compensation = NodeCompensation<State>(name: name) { try JSONCoding.encode($0) }
        }
    }
}
