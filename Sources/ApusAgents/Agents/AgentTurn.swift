import Apus
import Foundation

/// One turn of an agent: what is asked of the model, and what its answer does to the state.
struct AgentTurn: Sendable {
    let name: String
    let model: any LLMProvider
    var tools: ToolSet
    let instructions: String
    let limits: AgentLimits
    let listener: (@Sendable (AgentEvent) -> Void)?

    func emit(_ event: AgentEvent) {
        listener?(event)
        AgentListener.current?(event)
    }

    /// Asks the model once.
    func take(_ state: inout AgentState, _ context: NodeContext) async throws {
        try limits.admitTurn(state.spent, of: name)
        let request = request(state).fitted(to: model.info)
        try model.info.check(request)
        emit(.turnStarted(agent: name, turn: state.spent.turns + 1))
        let response = try await ask(request)
        emit(.turnEnded(agent: name, response))
        try note(response, in: &state)
    }

    private func request(_ state: AgentState) -> ChatRequest {
        let system = instructions.isEmpty ? [] : [ChatMessage.system(instructions)]
        return ChatRequest(system + Array(state.messages), tools: tools.definitions, format: state.format)
    }

    private func ask(_ request: ChatRequest) async throws -> ChatResponse {
        let isWatched = listener != nil || AgentListener.current != nil
        guard isWatched, model.info.capabilities.contains(.streaming) else { return try await model.chat(request) }
        return try await model.stream(request) { event in emit(.model(event)) }
    }

    private func note(_ response: ChatResponse, in state: inout AgentState) throws {
        state.messages.append(response.message)
        state.spent.turns += 1
        state.spent.usage += response.usage
        state.finish = response.finish
        state.calls = response.toolCalls
        state.isMending = false
        if !state.calls.isEmpty { return try limits.admitCalls(state.calls.count, state.spent, of: name) }
        if response.finish == .paused { state.isMending = true }
        guard let complaint = try complaint(about: response, state.format) else { return }
        state.mends += 1
        if state.mends > limits.mends { throw AgentError(.invalidAnswer, agent: name, detail: complaint) }
        state.messages.append(
            .user("The answer does not have the form asked for:\n\(complaint)\nAnswer again with JSON alone."))
        state.isMending = true
    }

    /// What is wrong with the form of an answer.
    private func complaint(about response: ChatResponse, _ format: ResponseFormat) throws -> String? {
        switch format {
        case .text: return nil
        case .json, .schema:
            let json: JSON
            do {
                json = try JSON(parsing: StructuredText.json(in: response.text))
            } catch {
                return "it is not JSON: \(error)"
            }
            guard case .schema(let schema, _) = format else { return nil }
            let violations = try JSONSchema.Validator(schema).validate(json)
            return violations.isEmpty ? nil : violations.map { "\($0)" }.joined(separator: "\n")
        }
    }

    /// Takes what the calls of a turn came to.
    func collect(_ outcomes: [ToolOutcome], _ state: inout AgentState) throws {
        state.spent.toolCalls += outcomes.count
        for outcome in outcomes {
            if let spent = outcome.spent { state.spent += spent }
            if let next = outcome.speaker {
                emit(.handedOff(from: name, to: next))
                state.speaker = next
            }
        }
        state.calls = []
        state.messages.append(.tool(outcomes.map(\.result)))
        state.mends = outcomes.contains(where: \.isInvalid) ? state.mends + 1 : 0
        if state.mends > limits.mends {
            let words = outcomes.first(where: \.isInvalid)?.result.text
            throw AgentError(.invalidCalls, agent: name, detail: words)
        }
    }
}

/// Who listens to the agents of a task and its children.
enum AgentListener {
    @TaskLocal static var current: (@Sendable (AgentEvent) -> Void)?

    static func listening<Value>(
        _ receive: (@Sendable (AgentEvent) -> Void)?, _ body: () async throws -> Value
    ) async throws -> Value {
        guard let receive else { return try await body() }
        return try await $current.withValue(receive, operation: body)
    }
}

/// JSON in the text of a model, which likes to put it between fences.
enum StructuredText {
    static func json(in text: String) -> String {
        let trimmed = text.trimmingPrefix(while: \.isWhitespace)
        guard trimmed.hasPrefix("```"), let start = trimmed.firstIndex(of: "\n"),
            let end = trimmed.range(of: "```", options: .backwards)?.lowerBound, start < end
        else { return text }
        return String(trimmed[trimmed.index(after: start)..<end])
    }
}
