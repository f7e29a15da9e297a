import Apus

/// A call, and what it may do.
struct ToolAssignment: Sendable {
    var call: ToolCall
    /// Whose tool it is, of a team.
    var member: String?
    /// What whoever works on it may spend.
    var budget = Budget()
    var taint: [String] = []
    var resultBytes = Int.max
}

/// Performs the calls a model asks for: checks them, asks a person where that is needed, and turns whatever goes wrong into
/// words that the model can act on.
struct ToolCaller: Sendable {
    let tools: ToolSet
    let emit: @Sendable (AgentEvent) -> Void

    /// What a call comes to. It throws only what ends or suspends the run, never what the tool throws.
    func perform(_ assignment: ToolAssignment, in context: NodeContext) async throws -> ToolOutcome {
        let call = assignment.call
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
        if let refusal = try await refusal(of: tool, assignment, arguments, context) {
            return ToolOutcome(ToolResult(call, refusal, isError: true))
        }
        emit(.toolStarted(call, context.activation))
        let outcome = try await context.telling(of: call, by: assignment.member) {
            try await stored(tool, assignment, arguments, context)
        }
        emit(.toolEnded(outcome.result, context.activation))
        return outcome
    }

    /// Why a call may not be made; `nil` if it may.
    private func refusal(
        of tool: BoundTool, _ assignment: ToolAssignment, _ arguments: JSON, _ context: NodeContext
    ) async throws -> String? {
        let isExposed = tool.policy.flow.contains(.sends) && !assignment.taint.isEmpty
        switch max(tool.policy.permission, isExposed ? .ask : .allow) {
        case .allow: return nil
        case .deny: return "This tool may not be used. Do without it."
        case .ask:
            var text = "May \(tool.name) be called with \(arguments)?"
            if isExposed {
                let sources = assignment.taint.joined(separator: ", ")
                text +=
                    " It sends something out, and the conversation holds what anybody may have written, from \(sources)."
            }
            let question = Question("approve-\(assignment.call.id)", text, choices: ToolApproval.allCases)
            return try await context.ask(question) == .approve ? nil : "A person declined this call. Do not repeat it."
        }
    }

    private func stored(
        _ tool: BoundTool, _ assignment: ToolAssignment, _ arguments: JSON, _ context: NodeContext
    ) async throws -> ToolOutcome {
        let perform: @Sendable (String) async throws -> ToolOutcome = { key in
            try await ToolAttempts(tool: tool, assignment: assignment, context: context, key: key).perform(arguments)
        }
        let id = assignment.call.id
        switch tool.policy.effect {
        case .readOnly: return try await perform("")
        case .idempotent: return try await context.step(id, .idempotent, isLast: true) { try await perform($0) }
        case .atMostOnce: return try await context.step(id, .atMostOnce, isLast: true) { try await perform($0) }
        }
    }
}

/// The attempts of one call.
private struct ToolAttempts: Sendable {
    let tool: BoundTool
    let assignment: ToolAssignment
    let context: NodeContext
    let key: String

    func perform(_ arguments: JSON) async throws -> ToolOutcome {
        let call = assignment.call
        var number = 1
        while true {
            do {
                let output = try await attempt(arguments)
                let taint = tool.policy.flow.contains(.brings) ? [tool.name] : []
                return ToolOutcome(
                    call, output.cut(to: assignment.resultBytes),
                    taint: taint + output.taint.filter { $0 != tool.name })
            } catch let error as CancellationError {
                throw error
            } catch let error as TimeoutError {
                return failed("it took longer than \(error.limit)")
            } catch {
                guard mayRepeat(after: error, number) else { return failed("\(error)") }
                let wait = Self.pauses.delay(after: number, error: error, chance: context.environment.random())
                try await context.environment.sleep(for: wait)
                number += 1
            }
        }
    }

    private func attempt(_ arguments: JSON) async throws -> ToolOutput {
        let tools = ToolContext(
            context, callID: assignment.call.id, key: key, budget: assignment.budget, taint: assignment.taint)
        guard let limit = tool.policy.timeout else { return try await tool.perform(arguments, tools) }
        return try await context.within(limit) { try await tool.perform(arguments, tools) }
    }

    private func mayRepeat(after error: any Error, _ number: Int) -> Bool {
        let isAllowed = tool.policy.effect != .atMostOnce && number < tool.policy.attempts
        return isAllowed && RetryPolicy.transient(error)
    }

    /// What anybody may have written is in the words of an error, too.
    private func failed(_ words: String) -> ToolOutcome {
        var outcome = ToolOutcome(ToolResult(assignment.call, "The tool failed: \(words)", isError: true))
        if tool.policy.flow.contains(.brings) { outcome.taint = [tool.name] }
        return outcome
    }

    private static let pauses = RetryPolicy.exponential(attempts: .max, first: .milliseconds(500))
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
    var taint: [String] = []

    init(_ result: ToolResult) { self.result = result }

    init(_ call: ToolCall, _ output: ToolOutput, taint: [String]) {
        result = ToolResult(id: call.id, name: call.name, parts: output.parts, isError: output.isError)
        (spent, speaker, self.taint) = (output.spent, output.speaker, taint)
    }

    static func invalid(_ call: ToolCall, _ words: String) -> Self {
        var outcome = Self(ToolResult(call, words, isError: true))
        outcome.isInvalid = true
        return outcome
    }
}
