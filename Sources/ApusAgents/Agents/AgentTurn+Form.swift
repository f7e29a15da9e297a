import Apus
import Foundation

extension AgentTurn {
    /// What is wrong with an answer, in words for the model; `nil` if nothing is.
    func complaint(about response: ChatResponse, _ state: AgentState) throws -> String? {
        if let fault = try fault(of: response.text, state.brief.format) {
            return "The answer does not have the form asked for:\n\(fault)\nAnswer again with JSON alone."
        }
        if response.finish == .paused { return nil }
        return settings.check?(response.text, state)
    }

    private func fault(of text: String, _ format: ResponseFormat) throws -> String? {
        if case .text = format { return nil }
        let json: JSON
        do {
            json = try JSON(parsing: StructuredText.json(in: text))
        } catch {
            return "it is not JSON: \(error)"
        }
        guard case .schema(let schema, _) = format else { return nil }
        let violations = try JSONSchema.Validator(schema).validate(json)
        return violations.isEmpty ? nil : violations.map { "\($0)" }.joined(separator: "\n")
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
