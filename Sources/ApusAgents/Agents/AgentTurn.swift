import Apus

/// One turn of an agent: what is asked of the model, and what its answer does to the state.
struct AgentTurn: Sendable {
    let name: String
    let model: any LLMProvider
    var tools: ToolSet
    let instructions: String
    let limits: AgentLimits
    let settings: AgentSettings
    let listener: (@Sendable (AgentEvent) -> Void)?
    /// Whether it is one of several, whose shares are kept apart.
    var isMember = false

    func emit(_ event: AgentEvent) {
        listener?(event)
        AgentListener.current?(event)
    }

    /// Asks the model once; `group` is the limits of the team it belongs to.
    func take(_ state: inout AgentState, _ context: NodeContext, of group: AgentLimits?) async throws {
        let now = context.environment.now().wallTime
        if state.brief.start == nil { state.brief.start = now }
        if state.context.tokens == 0 { state.context.tokens = TokenEstimate.of(request(state)) }
        try await shorten(&state, context)
        let left = left(to: state, of: group)
        let reserved = try Reservation(of: left, input: state.context.tokens, limits, price, of: name, at: now)
        emit(.turnStarted(agent: name, turn: state.spent.turns + 1))
        let response = try await answer(&state, reserved, until: left.deadline, context)
        emit(.turnEnded(agent: name, response))
        try note(response, in: &state, left: left)
    }

    /// What is left to it, of its own limits and of what it was given.
    func left(to state: AgentState, of group: AgentLimits?) -> Budget {
        let start = state.brief.start
        guard let group else {
            return limits.budget(from: start).narrowed(to: state.brief.budget).less(state.spent)
        }
        let whole = group.budget(from: start).narrowed(to: state.brief.budget).less(state.spent)
        return whole.narrowed(to: limits.budget(from: start).less(state.shares[name] ?? Spending()))
    }

    private var price: PriceTable.Price? { settings.prices.price(of: model.info.model) }

    func request(_ state: AgentState) -> ChatRequest {
        var head = instructions.isEmpty ? [] : [ChatMessage.system(instructions)]
        head += state.brief.recalled
        if let summary = state.context.summary {
            head.append(.user("What was said before, in short: \(summary)"))
        }
        let shown = ConversationWindow(messages: state.messages, hidden: state.context.hidden).shown
        var request = ChatRequest(head + shown, tools: tools.definitions, format: state.brief.format)
        if settings.toolUse == .once { request.toolChoice = .required }
        settings.prepare?(&request)
        return request
    }

    /// What the model says; where the conversation is too long for it, what it says to a shorter one.
    private func answer(
        _ state: inout AgentState, _ reserved: Reservation, until deadline: WallTime?, _ context: NodeContext
    ) async throws -> ChatResponse {
        do {
            return try await ask(request(state), reserved, until: deadline, context)
        } catch let error as LLMError where error.code == .contextTooLong {
            guard try await shorten(&state, context, isForced: true) else { throw error }
            return try await ask(request(state), reserved, until: deadline, context)
        }
    }

    private func ask(
        _ request: ChatRequest, _ reserved: Reservation, until deadline: WallTime?, _ context: NodeContext
    ) async throws -> ChatResponse {
        var request = request.fitted(to: model.info)
        if let most = reserved.answerTokens { request.maximumTokens = min(most, request.maximumTokens ?? most) }
        try model.info.check(request)
        guard let deadline else { return try await told(of: model, context) { try await answer(to: request) } }
        do {
            let left = context.environment.now().wallTime.duration(to: deadline)
            return try await context.within(left) { [request] in
                try await told(of: model, context) { try await answer(to: request) }
            }
        } catch is TimeoutError {
            throw AgentError(.budgetSpent, agent: name, detail: "its time is over")
        }
    }

    private func answer(to request: ChatRequest) async throws -> ChatResponse {
        let isWatched = listener != nil || AgentListener.current != nil
        guard isWatched, model.info.capabilities.contains(.streaming) else { return try await model.chat(request) }
        return try await model.stream(request) { event in emit(.model(event)) }
    }

    private func note(_ response: ChatResponse, in state: inout AgentState, left: Budget) throws {
        state.messages.append(response.message)
        let spent = spending(on: response)
        charge(spent, in: &state)
        let (read, written) = (response.usage.inputTokens, response.usage.outputTokens)
        state.context.tokens = read > 0 ? read : state.context.tokens
        state.context.tokens += max(written, TokenEstimate.of(response.message))
        state.finish = response.finish
        state.calls = response.toolCalls
        state.isMending = false
        if !state.calls.isEmpty { return try left.admit(calls: state.calls.count, of: name, after: spent) }
        if response.finish == .paused { state.isMending = true }
        guard let complaint = try complaint(about: response, state) else { return }
        state.mends += 1
        if state.mends > limits.mends {
            throw AgentError(.invalidAnswer, agent: name, detail: complaint).costing(spent)
        }
        add(.user(complaint), to: &state)
        state.isMending = true
    }

    /// What a request has cost.
    func spending(on response: ChatResponse) -> Spending {
        var spent = Spending()
        spent.turns = 1
        spent.usage = response.usage
        let named = response.model.flatMap { settings.prices.cost(of: response.usage, model: $0) }
        spent.cost = named ?? settings.prices.cost(of: response.usage, model: model.info.model) ?? 0
        return spent
    }

    func charge(_ spent: Spending, in state: inout AgentState) {
        state.spent += spent
        if isMember { state.shares[name, default: Spending()] += spent }
    }

    private func add(_ message: ChatMessage, to state: inout AgentState) {
        state.messages.append(message)
        state.context.tokens += TokenEstimate.of(message)
    }

    /// Takes what the calls of a turn came to.
    func collect(_ outcomes: [ToolOutcome], _ state: inout AgentState) throws {
        var spent = Spending()
        spent.toolCalls = outcomes.count
        for outcome in outcomes {
            if let more = outcome.spent { spent += more }
            state.taint(by: outcome.taint)
        }
        charge(spent, in: &state)
        for next in outcomes.compactMap(\.speaker) {
            emit(.handedOff(from: name, to: next))
            state.speaker = next
        }
        state.calls = []
        add(.tool(outcomes.map(\.result)), to: &state)
        state.mends = outcomes.contains(where: \.isInvalid) ? state.mends + 1 : 0
        if state.mends > limits.mends {
            let words = outcomes.first(where: \.isInvalid)?.result.text
            throw AgentError(.invalidCalls, agent: name, detail: words).costing(spent)
        }
        if settings.toolUse == .once, state.mends == 0 {
            add(.assistant(outcomes.map(\.result.text).joined(separator: "\n\n")), to: &state)
        }
    }
}
