/// A way to undo completed work, declared on a graph and registered by nodes as they do the work.
///
/// The code stands in the graph, the value in the journal: so it can be undone later, also by another process.
public struct Compensation<Value: Codable & Sendable>: Sendable {
    public let name: String

    /// Names what the graph of the node, or one around it, declares: for tools and nodes that are written without that graph at hand.
    public init(_ name: String, of type: Value.Type = Value.self) { self.name = name }
}

/// What is known to code that undoes something.
public struct CompensationContext: Sendable {
    public let run: RunID
    /// The activation that did what is undone.
    public let activation: String
    /// The same for every try, by which the outside tells a repetition from a new one.
    public let key: String
    /// Which try this is, from 1.
    public let attempt: Int
    public let environment: any Environment
}

/// A compensation as a graph keeps it.
struct DraftCompensation: Sendable {
    let name: String
    let retry: RetryPolicy?
    /// Performs it with a value in JSON.
    let perform: @Sendable ([UInt8], CompensationContext) async throws -> Void
}

extension GraphBuilder {
    /// Declares how a kind of completed work is undone.
    ///
    /// Nodes of this graph register it with `context.compensate(_:with:)`. A `body` that throws is tried again as `retry` says, and
    /// then stops the undoing. It may be performed more than once after a crash, with the same key.
    public mutating func compensation<Value: Codable & Sendable>(
        _ name: String, of type: Value.Type = Value.self, retry: RetryPolicy? = nil,
        _ body: @escaping @Sendable (Value, CompensationContext) async throws -> Void
    ) -> Compensation<Value> {
        let draft = DraftCompensation(name: name, retry: retry) { json, context in
            try await body(try JSONCoding.decode(Value.self, from: json), context)
        }
        self.draft.declare(draft)
        return Compensation(name)
    }
}

extension GraphDraft {
    func declare(_ compensation: DraftCompensation) {
        let isKnown = read { contents in
            defer { contents.compensations.append(compensation) }
            return contents.compensations.contains { $0.name == compensation.name }
        }
        if isKnown {
            report(.duplicateID, [], "Two compensations have the name \"\(compensation.name)\".", "Rename one.")
        }
    }
}

/// A node that has a graph of its own inside.
protocol CompensatingNode {
    /// How the work of an activation inside is undone; `activation` is its path from here.
    func compensation(_ name: String, of activation: ArraySlice<Substring>) -> DraftCompensation?
}

extension Graph {
    /// How work of an activation is undone: as the innermost graph around it says that knows the name.
    func compensation(_ name: String, of activation: ArraySlice<Substring>) -> DraftCompensation? {
        if activation.count > 1, let node = node(activation[activation.startIndex]),
            let inner = table.innermost(node, as: (any CompensatingNode).self),
            let found = inner.compensation(name, of: activation.dropFirst())
        {
            return found
        }
        return compensations.first { $0.name == name }
    }

    private func node(_ step: Substring) -> Int? {
        let id = step.prefix { $0 != "#" && $0 != "[" }
        return plan.names.firstIndex { ActivationID.escaped($0) == id }
    }
}
