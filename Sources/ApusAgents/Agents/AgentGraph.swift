import Apus

/// The graph of an agent, or of several that hand a conversation over to each other.
///
/// ```text
/// (recall) ──▶ think ◀──▶ act
///                └──▶ (remember)
/// ```
struct AgentGraph {
    let name: String
    /// The first one begins.
    let members: [AgentTurn]
    /// Of all together, where they are a team.
    var group: AgentLimits?
    var memories: [any Memory] = []
    /// Whether it ends with ``AgentState/failure`` instead of failing, so that what it has spent is known.
    var givesUp = false

    func graph() throws -> Graph<AgentState> {
        let concurrency = (group ?? members[0].limits).concurrentCalls
        let turns = (group ?? members[0].limits).turns
        return try Graph(name) { g in
            let think = g.node("think") { [self] state, context in
                try await member(named: state.speaker).take(&state, context, of: group)
            }
            .retry(Self.retry)
            .iterationLimit(turns + 1)
            let act = g.forEach("act", over: { [self] in assignments(of: $0) }, concurrency: concurrency) {
                [self] assignment, context in
                let member = member(named: assignment.member)
                return try await ToolCaller(tools: member.tools, emit: member.emit).perform(assignment, in: context)
            } collect: { [self] state, outcomes in
                try member(named: state.speaker).collect(outcomes, &state)
            }
            if givesUp {
                let giveUp = g.node("give up") { state, context in state.giveUp(context.failures) }
                g.onFailure(of: think, to: giveUp)
                g.onFailure(of: act, to: giveUp)
                g.edge(from: giveUp, to: .end)
            }
            let end = remembering(&g, think)
            g.route(from: think, to: [act, think, end]) { state in
                if !state.calls.isEmpty { return act }
                return state.isMending ? think : end
            }
            if members.contains(where: { $0.settings.toolUse == .once }) {
                g.route(from: act, to: [think, end]) { [self] state in
                    let isOver = member(named: state.speaker).settings.toolUse == .once && state.mends == 0
                    return isOver ? end : think
                }
            } else {
                g.edge(from: act, to: think)
            }
        }
    }

    /// Where the agent ends: asks the memories before `think`, and tells them afterwards, if there are any.
    private func remembering(
        _ g: inout GraphBuilder<AgentState>, _ think: NodeHandle<AgentState>
    ) -> NodeHandle<AgentState> {
        guard !memories.isEmpty else {
            g.start(at: think)
            return .end
        }
        let recall = g.node("recall") { [self] state, context in try await tell(&state, context) }.retry(Self.retry)
        let remember = g.node("remember") { [self] state, context in try await keep(&state, context) }
            .retry(Self.retry)
        g.start(at: recall)
        g.edge(from: recall, to: think)
        g.edge(from: remember, to: .end)
        return remember
    }

    /// The calls of a turn. Whoever works for the agent has an equal share of what is left.
    private func assignments(of state: AgentState) -> [ToolAssignment] {
        let member = member(named: state.speaker)
        let spenders = state.calls.count { member.tools[$0.name]?.spends == true }
        let share = spenders == 0 ? Budget() : member.left(to: state, of: group).shared(among: spenders)
        return state.calls.map {
            ToolAssignment(call: $0, member: state.speaker, budget: share, taint: state.taint)
        }
    }

    private func member(named name: String?) -> AgentTurn { members.first { $0.name == name } ?? members[0] }

    private static let retry = RetryPolicy(
        attempts: 4, backoff: .exponential(first: .seconds(1), factor: 2, limit: .seconds(30)))
}

extension AgentGraph {
    private func owner(_ state: AgentState) -> MemoryOwner { MemoryOwner(agent: name, user: state.brief.user ?? "") }

    private func tell(_ state: inout AgentState, _ context: NodeContext) async throws {
        state.brief.start = context.environment.now().wallTime
        for memory in memories {
            let found = try await memory.recall(Array(state.messages), for: owner(state), in: context)
            state.brief.recalled += found.messages
            state.taint(by: found.taint)
            state.spent += found.spent
        }
    }

    private func keep(_ state: inout AgentState, _ context: NodeContext) async throws {
        let said = state.messages.filter { $0.role == .user || $0.role == .assistant }.compactMap { message in
            message.text.isEmpty ? nil : ChatMessage(message.role, [.text(message.text)], author: message.author)
        }
        let exchange = Exchange(
            id: "\(context.runID) \(context.activation)", time: state.brief.start ?? WallTime(milliseconds: 0),
            messages: said, taint: state.taint)
        for memory in memories { state.spent += try await memory.remember(exchange, for: owner(state), in: context) }
    }
}

extension AgentState {
    /// Notes why the agent ends without an answer, and what its last turn has cost.
    fileprivate mutating func giveUp(_ failures: [NodeFailure]) {
        failure = failures.last.map { "\($0.error)" } ?? "it gave up"
        switch failures.last?.error {
        case let error as AgentError: spent += error.spent
        case let error as LLMError: spent.usage += error.partial?.usage ?? Usage()
        default: break
        }
    }
}
