public import Apus
public import ApusAgents

/// A statement about what an agent did that explains itself when it does not hold.
public struct AgentAssertion: Sendable, CustomStringConvertible {
    /// What is claimed, in words.
    public let description: String
    private let contradiction: @Sendable (AgentState) -> String?

    /// A claim of your own; `contradiction` returns what is the case instead, or `nil` if the claim holds.
    public init(_ description: String, contradiction: @escaping @Sendable (AgentState) -> String?) {
        self.description = description
        self.contradiction = contradiction
    }

    func failure(in state: AgentState) -> String? { contradiction(state).map { "\(description), but \($0)" } }
}

extension AgentAssertion {
    /// A tool was called at least once, or exactly so many times; with these arguments among others, if some are given.
    public static func called(_ tool: String, with arguments: JSON.Object = [:], times: Int? = nil) -> Self {
        let with = arguments.isEmpty ? "" : " with \(JSON.object(arguments))"
        let count = times.map { " \($0) times" } ?? ""
        return Self("\(tool) is called\(with)\(count)") { state in
            let calls = state.calls(of: tool)
            let fitting = calls.count { arguments.isHeld(by: try? $0.arguments) }
            if times.map({ $0 == fitting }) ?? (fitting > 0) { return nil }
            if calls.isEmpty { return "it is not; called are: \(state.namesOfCalls)" }
            return "it is \(fitting) times, of \(calls.map(\.argumentsText).joined(separator: ", "))"
        }
    }

    public static func neverCalled(_ tool: String) -> Self {
        Self("\(tool) is never called") { state in
            let calls = state.calls(of: tool)
            return calls.isEmpty ? nil : "it is, with \(calls.map(\.argumentsText).joined(separator: ", "))"
        }
    }

    /// The first call of one tool comes before the first of the other.
    public static func called(_ first: String, before second: String) -> Self {
        Self("\(first) is called before \(second)") { state in
            let names = state.messages.flatMap(\.toolCalls).map(\.name)
            guard let place = names.firstIndex(of: first) else { return "\(first) is not called" }
            guard let other = names.firstIndex(of: second) else { return "\(second) is not called" }
            return place < other ? nil : "the calls are: \(state.namesOfCalls)"
        }
    }

    /// No call of any tool came back as an error.
    public static let withoutToolErrors = Self("no tool reports an error") { state in
        let errors = state.messages.flatMap(\.toolResults).filter(\.isError)
        return errors.isEmpty ? nil : errors.map { "\($0.name): \($0.text)" }.joined(separator: "; ")
    }

    public static func answer(contains words: String) -> Self {
        Self("the answer contains \"\(words)\"") { state in
            state.text.contains(words) ? nil : "it is \"\(state.text)\""
        }
    }

    /// What was spent is within a budget.
    public static func spent(within budget: Budget) -> Self {
        Self("no more is spent than the budget allows") { state in
            let spent = state.spent
            let over = [
                budget.turns.flatMap { spent.turns > $0 ? "\(spent.turns) of \($0) turns" : nil },
                budget.toolCalls.flatMap { spent.toolCalls > $0 ? "\(spent.toolCalls) of \($0) tool calls" : nil },
                budget.tokens.flatMap {
                    spent.usage.totalTokens > $0 ? "\(spent.usage.totalTokens) of \($0) tokens" : nil
                },
                budget.cost.flatMap { spent.cost > $0 ? "\(spent.cost) of \($0) money" : nil },
            ].compactMap(\.self)
            return over.isEmpty ? nil : over.joined(separator: ", ")
        }
    }
}

extension AgentState {
    /// The assertions that do not hold, in words; `#expect(state.failures(of: …) == [])` shows them.
    public func failures(of assertions: AgentAssertion...) -> [String] {
        assertions.compactMap { $0.failure(in: self) }
    }

    fileprivate func calls(of tool: String) -> [ToolCall] {
        messages.flatMap(\.toolCalls).filter { $0.name == tool }
    }

    fileprivate var namesOfCalls: String {
        let names = messages.flatMap(\.toolCalls).map(\.name)
        return names.isEmpty ? "none" : names.joined(separator: ", ")
    }
}

extension JSON.Object {
    /// Whether an object has all these members with these values.
    fileprivate func isHeld(by json: JSON?) -> Bool {
        guard case .object(let object) = json else { return isEmpty }
        return allSatisfy { object[$0.key] == $0.value }
    }
}
