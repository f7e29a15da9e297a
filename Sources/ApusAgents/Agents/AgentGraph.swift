import Apus

/// The graph of an agent, or of several that hand a conversation over to each other.
struct AgentGraph {
    private let name: String
    private let members: [AgentTurn]
    private let limits: AgentLimits

    /// The first member begins.
    init(_ name: String, _ members: [AgentTurn], _ limits: AgentLimits) {
        self.name = name
        self.members = members
        self.limits = limits
    }

    func graph() throws -> Graph<AgentState> {
        try Graph(name) { g in
            let think = g.node("think") { [self] state, context in try await member(of: state).take(&state, context) }
                .retry(Self.retry)
                .iterationLimit(limits.turns + 1)
            let act = g.forEach("act", \.assignments, concurrency: limits.concurrentCalls) {
                [self] assignment, context in
                let member = member(named: assignment.member)
                return try await ToolCaller(tools: member.tools, emit: member.emit).perform(
                    assignment.call, in: context)
            } collect: { [self] state, outcomes in
                try member(of: state).collect(outcomes, &state)
            }
            g.start(at: think)
            g.route(from: think, to: [act, think, .end]) { state in
                if !state.calls.isEmpty { return act }
                return state.isMending ? think : .end
            }
            g.edge(from: act, to: think)
        }
    }

    private func member(of state: AgentState) -> AgentTurn { member(named: state.speaker) }

    private func member(named name: String?) -> AgentTurn { members.first { $0.name == name } ?? members[0] }

    private static let retry = RetryPolicy(
        attempts: 4, backoff: .exponential(first: .seconds(1), factor: 2, limit: .seconds(30)))
}

extension AgentState {
    /// A call, and the member of the team whose tool it is.
    struct Assignment: Sendable {
        var call: ToolCall
        var member: String?
    }

    var assignments: [Assignment] { calls.map { Assignment(call: $0, member: speaker) } }
}
