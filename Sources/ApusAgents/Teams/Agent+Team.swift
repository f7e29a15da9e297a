import Apus

extension Agent {
    /// Agents that hand one conversation over to each other.
    ///
    /// Each member is told of the others, and gives the conversation away by calling a tool, `transfer_to_<name>`. The one who has it
    /// answers next, with all that was said. The limits hold for all together, and each keeps to its own, too. The first member begins.
    /// Throws ``AgentError/Code/invalidTeam`` if two have one name, or one is not a model with tools.
    public static func team(
        _ name: String, _ members: [Agent], role: String = "", limits: AgentLimits = AgentLimits(turns: 50),
        memories: [any Memory] = []
    ) throws -> Agent {
        try checkMembers(members, of: name)
        let turns = try members.map { member in
            guard var turn = member.turn else {
                throw AgentError(
                    .invalidTeam, agent: name, detail: "\"\(member.profile.name)\" can't hand over: it is not one model"
                )
            }
            turn.isMember = true
            for other in members where other.profile.name != member.profile.name {
                try turn.tools.add(transfer(to: other.profile))
            }
            return turn
        }
        let profile = AgentProfile(
            name, role: role, capabilities: Array(members.flatMap(\.profile.capabilities).uniqued()))
        return try Agent(profile, limits, AgentGraph(name, .turns(turns, group: limits), limits, memories), nil)
    }

    /// Throws unless there are members and each has a name of its own.
    static func checkMembers(_ members: [Agent], of team: String) throws {
        guard !members.isEmpty else { throw AgentError(.invalidTeam, agent: team, detail: "it has no members") }
        let names = members.map(\.profile.name)
        for (index, name) in names.enumerated() where names.firstIndex(of: name) != index {
            throw AgentError(.invalidTeam, agent: team, detail: "two members are named \"\(name)\"")
        }
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
}

extension Sequence where Element: Equatable {
    /// Each element where it comes first.
    func uniqued() -> [Element] {
        reduce(into: []) { all, element in
            if !all.contains(element) { all.append(element) }
        }
    }
}
