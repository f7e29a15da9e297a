import Apus

extension AgentTurn {
    /// Hides the older part of a conversation from the model where the policy says so; returns whether less is shown now.
    ///
    /// A summary is an effect of the turn: once it is stored it is not asked for again.
    @discardableResult
    func shorten(_ state: inout AgentState, _ context: NodeContext, isForced: Bool = false) async throws -> Bool {
        let hidden = state.context.hidden
        switch settings.context.kind {
        case .whole: return false
        case .window(let count):
            state.context.hidden = ConversationWindow.hiding(allBut: count, of: state.messages, from: hidden)
        case .compacted(let limit, let count, let other):
            guard isForced || state.context.tokens > limit else { return false }
            let cut = ConversationWindow.hiding(allBut: count, of: state.messages, from: hidden)
            guard cut > hidden else { return false }
            let (old, earlier) = (Array(state.messages[hidden..<cut]), state.context.summary)
            let writer = other ?? model
            let summary = try await context.step(isForced ? "shorten" : "summary") {
                try await told(of: writer, context) { try await Summary.of(old, after: earlier, by: writer) }
            }
            charge(spending(on: summary), in: &state)
            state.context.summary = summary.text
            state.context.hidden = cut
        }
        guard state.context.hidden > hidden else { return false }
        state.context.tokens = TokenEstimate.of(request(state))
        return true
    }
}
