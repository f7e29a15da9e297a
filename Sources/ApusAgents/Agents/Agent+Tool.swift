import Apus

extension Agent {
    /// This agent as a tool of others: it gets a task in words and gives back its answer.
    ///
    /// What it does is part of the run of whoever calls it: written down with it, charged to its limits, and kept within its share of
    /// what is left of them.
    public func tool(named name: String? = nil) throws -> BoundTool {
        let about = profile.role.isEmpty ? "Works on a task and answers." : profile.role
        let definition = ToolDefinition(
            name: name ?? profile.name, description: about, parameters: try JSONSchema(of: Task.self))
        let policy = ToolPolicy(effect: .readOnly, timeout: nil)
        var tool = try BoundTool(definition, policy) { [inner] arguments, context in
            let task = try arguments.decode(as: Task.self)
            let brief = AgentBrief(budget: context.budget)
            let end = try await context.node.run(inner, from: AgentState(task.task, brief, taint: context.taint))
            var output = ToolOutput([.text(end.failure ?? end.text)], spent: end.spent, taint: end.taint)
            output.isError = end.failure != nil
            return output
        }
        tool.spends = true
        return tool
    }

    private struct Task: Codable, SchemaDescribed {
        var task: String
        static let descriptions = ["task": "Everything the agent has to know, in full sentences."]
    }
}
