public import Apus

/// Agents that hand one conversation over to each other.
///
/// Each member is told of the others, and gives the conversation away by calling a tool, `transfer_to_<name>`. The one who has it
/// answers next, with all that was said. The limits hold for all members together.
public struct Team: Sendable {
    public let name: String
    public let members: [Agent]
    public let limits: AgentLimits
    public let graph: Graph<AgentState>

    /// The first member begins. Each keeps to its own limits, too. What the team remembers it remembers as one agent of its name.
    public init(
        _ name: String, _ members: [Agent], limits: AgentLimits = AgentLimits(turns: 50), memories: [any Memory] = []
    ) throws {
        guard !members.isEmpty else { throw AgentError(.invalidTeam, agent: name, detail: "it has no members") }
        let names = members.map(\.profile.name)
        for (index, member) in names.enumerated() where names.firstIndex(of: member) != index {
            throw AgentError(.invalidTeam, agent: name, detail: "two members are named \"\(member)\"")
        }
        self.name = name
        self.members = members
        self.limits = limits
        let turns = try members.map { member in
            var turn = member.turn
            turn.isMember = true
            for other in members where other.profile.name != member.profile.name {
                try turn.tools.add(Self.transfer(to: other.profile))
            }
            return turn
        }
        graph = try AgentGraph(name: name, members: turns, group: limits, memories: memories).graph()
    }

    private static func transfer(to other: AgentProfile) throws -> BoundTool {
        let definition = ToolDefinition(
            name: "transfer_to_\(other.name)",
            description: "Gives the conversation over to \(other.name). \(other.role)",
            parameters: JSONSchema(["type": "object", "properties": [:], "additionalProperties": false]))
        return try BoundTool(definition, .readOnly) { _, _ in
            ToolOutput([.text("\(other.name) has the conversation now.")], speaker: other.name)
        }
    }

    /// Works on a conversation and returns it with the answer, and what was spent.
    public func run(
        _ conversation: [ChatMessage], _ brief: AgentBrief = AgentBrief(), on executor: GraphExecutor = GraphExecutor(),
        receive: (@Sendable (AgentEvent) -> Void)? = nil
    ) async throws -> AgentState {
        try await AgentListener.listening(receive) {
            try await executor.run(graph, from: AgentState(conversation, brief))
        }
    }
}
