import Apus

/// Performs the calls a model asks for: checks them, asks a person where that is needed, and turns whatever goes wrong into
/// words that the model can act on.
struct ToolCaller: Sendable {
    let tools: ToolSet
    let emit: @Sendable (AgentEvent) -> Void

    /// What a call comes to. It throws only what ends or suspends the run, never what the tool throws.
    func perform(_ call: ToolCall, in context: NodeContext) async throws -> ToolOutcome {
        guard let tool = tools[call.name] else {
            let known = tools.tools.map(\.name).joined(separator: ", ")
            return .invalid(call, "There is no tool \"\(call.name)\". There are: \(known).")
        }
        let arguments: JSON
        do {
            arguments = try call.arguments
        } catch {
            return .invalid(call, "The arguments are not JSON: \(error). Call again with one JSON object.")
        }
        if let complaint = tool.complaint(about: arguments) {
            return .invalid(
                call, "The arguments do not fit the tool's schema:\n\(complaint)\nCall again with mended arguments.")
        }
        if let refusal = try await refusal(of: tool, call, arguments, context) {
            return ToolOutcome(ToolResult(call, refusal, isError: true))
        }
        emit(.toolStarted(call, context.activation))
        let outcome = try await attempt(tool, call, arguments, context)
        emit(.toolEnded(outcome.result, context.activation))
        return outcome
    }

    /// Why a call may not be made; `nil` if it may.
    private func refusal(
        of tool: BoundTool, _ call: ToolCall, _ arguments: JSON, _ context: NodeContext
    ) async throws -> String? {
        switch tool.policy.permission {
        case .allow: return nil
        case .deny: return "This tool may not be used. Do without it."
        case .ask:
            let text = "May \(tool.name) be called with \(arguments)?"
            let question = Question("approve-\(call.id)", text, choices: ToolApproval.allCases)
            return try await context.ask(question) == .approve ? nil : "A person declined this call. Do not repeat it."
        }
    }

    private func attempt(
        _ tool: BoundTool, _ call: ToolCall, _ arguments: JSON, _ context: NodeContext
    ) async throws -> ToolOutcome {
        let perform: @Sendable (String) async throws -> ToolOutcome = { key in
            do {
                let tools = ToolContext(context, callID: call.id, key: key)
                let output =
                    if let limit = tool.policy.timeout {
                        try await context.within(limit) { try await tool.perform(arguments, tools) }
                    } else {
                        try await tool.perform(arguments, tools)
                    }
                return ToolOutcome(call, output)
            } catch let error as CancellationError {
                throw error
            } catch let error as TimeoutError {
                return ToolOutcome(
                    ToolResult(call, "The tool failed: it took longer than \(error.limit)", isError: true))
            } catch {
                return ToolOutcome(ToolResult(call, "The tool failed: \(error)", isError: true))
            }
        }
        switch tool.policy.effect {
        case .readOnly: return try await perform("")
        case .idempotent:
            return try await context.step(call.id, .idempotent, isLast: true) { key in try await perform(key) }
        case .atMostOnce:
            return try await context.step(call.id, .atMostOnce, isLast: true) { key in try await perform(key) }
        }
    }
}

/// What a person says to a call.
public enum ToolApproval: String, Sendable, Hashable, Codable, CaseIterable {
    case approve, decline
}

/// The result of a call, and whether the model has to mend the call.
struct ToolOutcome: Sendable, Codable, Equatable {
    var result: ToolResult
    var isInvalid = false
    var spent: Spending?
    var speaker: String?

    init(_ result: ToolResult) { self.result = result }

    init(_ call: ToolCall, _ output: ToolOutput) {
        result = ToolResult(id: call.id, name: call.name, parts: output.parts)
        (spent, speaker) = (output.spent, output.speaker)
    }

    static func invalid(_ call: ToolCall, _ words: String) -> Self {
        var outcome = Self(ToolResult(call, words, isError: true))
        outcome.isInvalid = true
        return outcome
    }
}
