extension Agent {
    /// An agent that works its answers out with programs it writes and has run. A person agrees to each unless `policy` says otherwise.
    public static func code(
        _ name: String, model: any LLMProvider, runner: some CodeRunner, tools: [any Tool] = [],
        instructions: String = "", policy: ToolPolicy = RunCode.policy, limits: AgentLimits = AgentLimits(),
        settings: AgentSettings = AgentSettings()
    ) throws -> Agent {
        let manner = """
            Work out what can be computed with a program and the tool run_code rather than in your head. Print what you need to know. \
            If a program fails, read its errors and mend it.
            """
        return try Agent(
            name, model: model, tools: [RunCode(runner, policy: policy)] + tools,
            instructions: instructions.isEmpty ? manner : "\(manner)\n\n\(instructions)", limits: limits,
            settings: settings)
    }
}
