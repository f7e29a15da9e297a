public import Apus

/// A run that a ``DurableSimulation`` starts, disturbs and judges.
public struct DurableWorkload<State: GraphState>: Sendable {
    public var graph: Graph<State>
    public var state: State
    public var entry: String?
    /// What some hosts know under the same name instead. None of them may execute the run.
    public var other: Graph<State>?
    /// Answers a question that a node asked.
    public var answer: @Sendable (Engine, OpenQuestion, _ nonce: UInt64) async throws -> Void
    /// What is wrong with how the run ended; empty if nothing is.
    public var judge: @Sendable (DurableEnding<State>) -> [String]

    public init(
        _ graph: Graph<State>, from state: State, entry: String? = nil,
        answer: @escaping @Sendable (Engine, OpenQuestion, _ nonce: UInt64) async throws -> Void = Self.answered,
        judge: @escaping @Sendable (DurableEnding<State>) -> [String]
    ) {
        self.graph = graph
        self.state = state
        self.entry = entry
        self.answer = answer
        self.judge = judge
    }

    /// Answers what ``SimulatedOutside/ask(_:in:)`` asks.
    public static var answered: @Sendable (Engine, OpenQuestion, _ nonce: UInt64) async throws -> Void {
        { engine, question, nonce in
            let value = SimulatedOutside.value(of: "\(question.run)\(question.id)")
            try await engine.answer(question.run, question.id, with: SimulatedReply(value: value, nonce: nonce))
        }
    }
}

/// How a simulated run ended.
public struct DurableEnding<State: GraphState>: Sendable {
    public var head: RunHead
    /// The final state of a run that completed, as its journal gives it.
    public var state: State?
    /// Whether somebody asked for its end.
    public var wasCancelled: Bool
    /// The activations that the journal says have completed.
    public var completed: Set<String>
}
