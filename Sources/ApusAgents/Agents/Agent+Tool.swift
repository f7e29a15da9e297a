import Apus

extension Agent {
    /// This agent as a tool of others: it gets a task in words and gives back its answer.
    ///
    /// What it does is part of the run of whoever calls it: written down with it, and charged to its limits.
    public func tool(named name: String? = nil) throws -> BoundTool {
        let about = profile.role.isEmpty ? "Works on a task and answers." : profile.role
        let definition = ToolDefinition(
            name: name ?? profile.name, description: about, parameters: try JSONSchema(of: Task.self))
        let policy = ToolPolicy(effect: .readOnly, timeout: nil)
        return try BoundTool(definition, policy) { [graph] arguments, context in
            let task = try arguments.decode(as: Task.self)
            let end = try await context.node.run(graph, from: AgentState(task.task))
            return ToolOutput([.text(end.text)], spent: end.spent)
        }
    }

    private struct Task: Codable, SchemaDescribed {
        var task: String
        static let descriptions = ["task": "Everything the agent has to know, in full sentences."]
    }
}
