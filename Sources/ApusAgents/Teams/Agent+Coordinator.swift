import Apus

extension Agent {
    /// An agent that does nothing itself: it divides a task, gives the parts to others, and puts together what they find.
    ///
    /// Those below it may be coordinators of their own domains, so that a master has domains and each domain its workers. Parts that the
    /// model gives out in one turn are worked on side by side, each with its share of what is left to spend.
    public static func coordinator(
        _ profile: AgentProfile, model: any LLMProvider, of members: [Agent], instructions: String = "",
        limits: AgentLimits = AgentLimits(), settings: AgentSettings = AgentSettings(),
        onEvent: (@Sendable (AgentEvent) -> Void)? = nil
    ) throws -> Agent {
        try checkMembers(members, of: profile.name)
        let words = """
            You coordinate others and do no work yourself. Divide the task, give each part to whoever is for it with everything they \
            have to know, and put what they report together into one answer. Parts that don't need each other go out in one turn. If \
            somebody fails, give the part to somebody else or say what is missing.
            """
        return try Agent(
            profile, model: model, tools: ToolSet(bound: members.map { try $0.tool() }),
            instructions: instructions.isEmpty ? words : "\(words)\n\(instructions)", limits: limits,
            settings: settings,
            onEvent: onEvent)
    }
}
