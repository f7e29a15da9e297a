import Apus

/// The graph of an agent.
///
/// ```text
/// (recall) ──▶ think ◀──▶ act            a model, or several that hand a conversation over to each other
///                └──▶ (remember)
/// (recall) ──▶ work ──▶ (remember)       anybody else
/// ```
struct AgentGraph {
    enum Work {
        /// The first one begins. `group` limits all together, where they are a team.
        case turns([AgentTurn], group: AgentLimits?)
        case body(Body)
    }

    typealias Body = @Sendable (inout AgentState, AgentWork) async throws -> Void

    typealias Handle = NodeHandle<AgentState>

    let name: String
    let work: Work
    let limits: AgentLimits
    let memories: [any Memory]

    init(_ name: String, _ work: Work, _ limits: AgentLimits, _ memories: [any Memory]) {
        self.name = name
        self.work = work
        self.limits = limits
        self.memories = memories
    }

    /// With `givesUp` it ends with ``AgentState/failure`` instead of failing, so that what it has spent is known.
    func graph(givesUp: Bool = false) throws -> Graph<AgentState> {
        try Graph(name) { g in
            let end = remember(&g)
            switch work {
            case .turns(let members, let group):
                let turns = TurnGraph(members: members, group: group, limits: limits).add(to: &g, end: end)
                recall(&g, before: turns.think)
                guard givesUp else { return }
                let giveUp = g.node("give up") { state, context in state.giveUp(context.failures) }
                g.onFailure(of: turns.think, to: giveUp)
                g.onFailure(of: turns.act, to: giveUp)
                g.edge(from: giveUp, to: .end)
            case .body(let body):
                let work = g.node("work") { state, context in
                    try await perform(body, &state, context, givesUp: givesUp)
                }
                g.edge(from: work, to: end)
                recall(&g, before: work)
            }
        }
    }

    private func perform(
        _ body: Body, _ state: inout AgentState, _ context: NodeContext, givesUp: Bool
    ) async throws {
        if state.brief.start == nil { state.brief.start = context.environment.now().wallTime }
        do {
            try await body(&state, AgentWork(name: name, limits: limits, context: context))
        } catch  where givesUp && !(error is CancellationError) {
            state.failure = "\(error)"
        }
    }

    static let retry = RetryPolicy(
        attempts: 4, backoff: .exponential(first: .seconds(1), factor: 2, limit: .seconds(30)))
}

/// What comes before and after the work where there are memories.
extension AgentGraph {
    private func recall(_ g: inout GraphBuilder<AgentState>, before first: Handle) {
        guard !memories.isEmpty else { return g.start(at: first) }
        let recall = g.node("recall") { state, context in
            state.brief.start = context.environment.now().wallTime
            for memory in memories {
                let found = try await memory.recall(Array(state.messages), for: owner(of: state), in: context)
                state.brief.recalled += found.messages
                state.taint(by: found.taint)
                state.spent += found.spent
            }
        }
        g.start(at: recall.retry(Self.retry))
        g.edge(from: recall, to: first)
    }

    private func remember(_ g: inout GraphBuilder<AgentState>) -> Handle {
        guard !memories.isEmpty else { return .end }
        let remember = g.node("remember") { state, context in
            let exchange = Exchange(
                id: "\(context.runID) \(context.activation)", time: state.brief.start ?? WallTime(milliseconds: 0),
                messages: state.said, taint: state.taint)
            for memory in memories {
                state.spent += try await memory.remember(exchange, for: owner(of: state), in: context)
            }
        }
        g.edge(from: remember.retry(Self.retry), to: .end)
        return remember
    }

    private func owner(of state: AgentState) -> MemoryOwner { MemoryOwner(agent: name, user: state.brief.user ?? "") }
}

extension AgentState {
    /// What user and agent said to each other, without calls of tools.
    fileprivate var said: [ChatMessage] {
        messages.filter { $0.role == .user || $0.role == .assistant }.compactMap { message in
            message.text.isEmpty ? nil : ChatMessage(message.role, [.text(message.text)], author: message.author)
        }
    }

    /// Notes why the agent ends without an answer, and what its last turn has cost.
    fileprivate mutating func giveUp(_ failures: [NodeFailure]) {
        let error = failures.last?.error
        let cause = (error as? RunError)?.underlying ?? error
        failure = cause.map { "\($0)" } ?? "it gave up"
        switch cause {
        case let error as AgentError: spent += error.spent
        case let error as LLMError: spent.usage += error.partial?.usage ?? Usage()
        default: break
        }
    }
}
