import Apus

extension Agent {
    /// An agent that talks and has no tools.
    public static func chat(
        _ name: String, model: any LLMProvider, instructions: String = "", limits: AgentLimits = AgentLimits(),
        settings: AgentSettings = AgentSettings()
    ) throws -> Agent {
        try Agent(name, model: model, instructions: instructions, limits: limits, settings: settings)
    }

    /// An agent whose model chooses tools and fills their arguments in, once; what the tools give back is the answer.
    public static func dispatcher(
        _ name: String, model: any LLMProvider, tools: [any Tool], instructions: String = "",
        limits: AgentLimits = AgentLimits(), settings: AgentSettings = AgentSettings()
    ) throws -> Agent {
        var settings = settings
        settings.toolUse = .once
        return try Agent(
            name, model: model, tools: tools, instructions: instructions, limits: limits, settings: settings)
    }

    /// An agent that is given images, sound and documents; what its own model can't take, another describes to it in words.
    public static func multimodal(
        _ name: String, model: any LLMProvider, describedBy other: any LLMProvider, tools: [any Tool] = [],
        instructions: String = "", limits: AgentLimits = AgentLimits(), settings: AgentSettings = AgentSettings()
    ) throws -> Agent {
        try Agent(
            name, model: model.describingMedia(by: other), tools: tools, instructions: instructions, limits: limits,
            settings: settings)
    }
}
