import Apus

/// The part of an agent's graph in which models are asked and tools called.
struct TurnGraph {
    typealias Handle = NodeHandle<AgentState>

    let members: [AgentTurn]
    let group: AgentLimits?
    let limits: AgentLimits

    /// It begins with `think`, and goes on to `end`.
    func add(to g: inout GraphBuilder<AgentState>, end: Handle) -> (think: Handle, act: Handle) {
        let think = g.node("think") { state, context in
            try await member(named: state.speaker).take(&state, context, of: group)
        }
        .retry(AgentGraph.retry)
        .iterationLimit(limits.turns + 1)
        let act = g.forEach("act", over: assignments, concurrency: limits.concurrentCalls) { assignment, context in
            let member = member(named: assignment.member)
            return try await ToolCaller(tools: member.tools, emit: member.emit).perform(assignment, in: context)
        } collect: { state, outcomes in
            try member(named: state.speaker).collect(outcomes, &state)
        }
        g.route(from: think, to: [act, think, end]) { state in
            if !state.calls.isEmpty { return act }
            return state.isMending ? think : end
        }
        if members.contains(where: { $0.settings.toolUse == .once }) {
            g.route(from: act, to: [think, end]) { state in
                let isOver = member(named: state.speaker).settings.toolUse == .once && state.mends == 0
                return isOver ? end : think
            }
        } else {
            g.edge(from: act, to: think)
        }
        return (think, act)
    }

    /// The calls of a turn. Whoever works for the agent has an equal share of what is left.
    @Sendable
    private func assignments(of state: AgentState) -> [ToolAssignment] {
        let member = member(named: state.speaker)
        let spenders = state.calls.count { member.tools[$0.name]?.spends == true }
        let share = spenders == 0 ? Budget() : member.left(to: state, of: group).shared(among: spenders)
        return state.calls.map {
            ToolAssignment(
                call: $0, member: state.speaker, budget: share, taint: state.taint,
                resultBytes: member.limits.resultBytes)
        }
    }

    private func member(named name: String?) -> AgentTurn { members.first { $0.name == name } ?? members[0] }
}
