public import Apus

/// Why an agent could not be made, or gave up.
public struct AgentError: ClassifiedError, Equatable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, Codable {
        /// A tool has a name that providers don't take, or one that is there already.
        case invalidTool
        /// A team has no members, or two of one name.
        case invalidTeam
        /// The model wrote arguments that don't fit, again and again.
        case invalidCalls
        /// The agent took as many turns as it may.
        case tooManyTurns
        /// A budget is spent; ``AgentError/detail`` says which.
        case budgetSpent
        /// Somebody whom the agent needs has failed.
        case memberFailed
        /// Nobody offers to do a task.
        case nobodyBids
        /// No plan that was written led to an answer.
        case planFailed
        /// Money is limited, and nobody says what the model costs.
        case unknownPrice
        /// The answer does not fit the type asked for, although the model was told what is wrong.
        case invalidAnswer
        /// The agent is not in a state that allows this.
        case illegalTransition
        /// A registry has no agent of that name and version.
        case unknownAgent
        /// A registry has an agent of that name and version already.
        case registeredAlready
    }

    public var code: Code
    public var agent: String?
    public var detail: String?
    /// What the turn that ended with it has cost.
    var spent = Spending()

    public init(_ code: Code, agent: String? = nil, detail: String? = nil) {
        self.code = code
        self.agent = agent
        self.detail = detail
    }

    func costing(_ spent: Spending) -> Self {
        var error = self
        error.spent = spent
        return error
    }

    public static func == (left: Self, right: Self) -> Bool { left.code == right.code && left.agent == right.agent }

    public var failureKind: FailureKind { .permanent }

    public var description: String {
        let who = agent.map { "agent \"\($0)\": " } ?? ""
        let more = detail.map { ": \($0)" } ?? ""
        switch code {
        case .invalidTool: return "\(who)A tool can't be used\(more)."
        case .invalidTeam: return "\(who)The team can't be formed\(more)."
        case .invalidCalls: return "\(who)The model wrote arguments that don't fit, again and again\(more)."
        case .tooManyTurns:
            return "\(who)No answer came within the turns it may take; raise the limit or narrow the task\(more)."
        case .budgetSpent: return "\(who)A budget is spent\(more)."
        case .memberFailed: return "\(who)A member has failed\(more)."
        case .nobodyBids: return "\(who)Nobody offers to do the task\(more)."
        case .planFailed: return "\(who)No plan led to an answer\(more)."
        case .unknownPrice: return "\(who)The cost can't be limited\(more); give a PriceTable that has it."
        case .invalidAnswer: return "\(who)The answer does not fit what was asked for\(more)."
        case .unknownAgent: return "\(who)It is not registered\(more)."
        case .registeredAlready:
            return "\(who)It is registered already; destroy it first, or give it another version\(more)."
        case .illegalTransition: return "\(who)This can't be done now\(more)."
        }
    }
}
