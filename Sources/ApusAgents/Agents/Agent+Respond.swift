public import Apus

extension Agent {
    /// Works on a task and returns the answer's text. Nothing is stored unless the executor has a storage.
    ///
    /// `user` says whose conversation it is, for an agent that has memories.
    public func respond(
        to task: String, user: String? = nil, on executor: GraphExecutor = GraphExecutor()
    ) async throws -> String {
        try await run([.user(task)], AgentBrief(user: user), on: executor).text
    }

    /// Works on a task and returns an answer of a type, in the form its schema describes.
    public func respond<Answer: Codable>(
        to task: String, as type: Answer.Type = Answer.self, user: String? = nil,
        on executor: GraphExecutor = GraphExecutor()
    ) async throws -> Answer {
        let schema = try JSONSchema(of: type)
        let name = String("\(type)".prefix { $0.isLetter || $0.isNumber })
        let brief = AgentBrief(format: .schema(schema, name: name), user: user)
        let state = try await run([.user(task)], brief, on: executor)
        return try JSON(parsing: StructuredText.json(in: state.text)).decode(as: type)
    }

    /// Works on a conversation and returns it with the answer, and what was spent; `receive` hears of everything on the way.
    public func run(
        _ conversation: [ChatMessage], _ brief: AgentBrief = AgentBrief(), on executor: GraphExecutor = GraphExecutor(),
        receive: (@Sendable (AgentEvent) -> Void)? = nil
    ) async throws -> AgentState {
        let state = AgentState(conversation, brief)
        return try await AgentListener.listening(receive) { try await executor.run(graph, from: state) }
    }
}
