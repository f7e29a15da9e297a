import Apus

extension Agent {
    /// Agents of any kind that talk with each other in one conversation; who speaks next says a policy.
    ///
    /// Each hears what the others say under their names, not what tools they call. The conversation ends when the policy names nobody,
    /// when `until` holds, or with the budget; what was said last is the answer.
    public static func group(
        _ name: String, _ members: [Agent], turns policy: TurnPolicy, role: String = "",
        limits: AgentLimits = AgentLimits(turns: 50), memories: [any Memory] = [],
        until isOver: @escaping @Sendable (_ last: ChatMessage) -> Bool = { _ in false }
    ) throws -> Agent {
        try checkMembers(members, of: name)
        let profile = AgentProfile(name, role: role, capabilities: members.flatMap(\.profile.capabilities).uniqued())
        return try Agent(profile, limits: limits, memories: memories) { state, work in
            var speakers: [String] = []
            while true {
                let moment = TurnPolicy.Moment(
                    members: members.map(\.profile), speakers: speakers, messages: Array(state.messages))
                guard let next = try await policy.next(moment, &state, work.context) else { return }
                guard let speaker = members.first(where: { $0.profile.name == next }) else {
                    throw AgentError(.invalidTeam, agent: name, detail: "nobody is named \"\(next)\"")
                }
                speakers.append(next)
                let heard = state.brief.recalled + state.messages.map { $0.heard(by: next) }
                let end = try await work.ask(speaker, heard, named: "\(speakers.count) \(next)", for: &state)
                if let failure = end.failure { throw AgentError(.memberFailed, agent: name, detail: failure) }
                let said = ChatMessage(.assistant, [.text(end.text)], author: next)
                state.messages.append(said)
                if isOver(said) { return }
            }
        }
    }
}

extension ChatMessage {
    /// As one of a group hears it: its own words as such, those of others under their names.
    fileprivate func heard(by name: String) -> ChatMessage {
        guard let author else { return self }
        return author == name ? .assistant(text) : .user("\(author): \(text)")
    }
}
