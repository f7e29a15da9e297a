public import Apus

extension Agent {
    /// Works on a task and returns the answer's text. Nothing is stored unless the executor has a storage.
    public func respond(to task: String, on executor: GraphExecutor = GraphExecutor()) async throws -> String {
        try await run([.user(task)], on: executor).text
    }

    /// Works on a task and returns an answer of a type, in the form its schema describes.
    public func respond<Answer: Codable>(
        to task: String, as type: Answer.Type = Answer.self, on executor: GraphExecutor = GraphExecutor()
    ) async throws -> Answer {
        let schema = try JSONSchema(of: type)
        let name = String("\(type)".prefix { $0.isLetter || $0.isNumber })
        let state = try await run([.user(task)], format: .schema(schema, name: name), on: executor)
        return try JSON(parsing: StructuredText.json(in: state.text)).decode(as: type)
    }

    /// Works on a conversation and returns it with the answer, and what was spent; `receive` hears of everything on the way.
    public func run(
        _ conversation: [ChatMessage], format: ResponseFormat = .text, on executor: GraphExecutor = GraphExecutor(),
        receive: (@Sendable (AgentEvent) -> Void)? = nil
    ) async throws -> AgentState {
        let state = AgentState(conversation, format: format)
        return try await AgentListener.listening(receive) { try await executor.run(graph, from: state) }
    }
}
