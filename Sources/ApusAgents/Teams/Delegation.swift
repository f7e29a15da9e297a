public import Apus

extension ContractNet {
    /// A tool that gives a task to whichever of several agents offers most for it, by what it can do and how busy it is.
    ///
    /// Who gets it is an effect of the run, and what it does is part of it. Without `bids` each offers the share of the wanted
    /// capabilities that it has, and its load is that of this process.
    public static func delegation(
        to members: [Agent], named name: String = "delegate", load: AgentLoad = AgentLoad(),
        bids: (@Sendable (_ agent: AgentProfile, _ task: DelegatedTask) async throws -> Bid?)? = nil
    ) throws -> BoundTool {
        try Agent.checkMembers(members, of: name)
        let abilities = members.flatMap(\.profile.capabilities).uniqued()
        let definition = ToolDefinition(
            name: name,
            description:
                "Gives a task to whoever is best for it and least busy. Known capabilities: \(abilities.joined(separator: ", ")).",
            parameters: try JSONSchema(of: DelegatedTask.self))
        var tool = try BoundTool(definition, ToolPolicy(effect: .readOnly, timeout: nil)) { arguments, context in
            let task = try arguments.decode(as: DelegatedTask.self)
            let net = ContractNet(
                members.map { member in
                    { _ in
                        if let bids { return try await bids(member.profile, task) }
                        return load.bid(of: member.profile, for: task)
                    }
                })
            let winner = try await context.node.step("award") { try await net.bids(for: task.task).first }
            guard let winner, let member = members.first(where: { $0.profile.name == winner.bidder }) else {
                throw AgentError(.nobodyBids, agent: name, detail: task.capabilities.joined(separator: ", "))
            }
            let brief = AgentBrief(budget: context.budget)
            let end = try await load.counting(member.profile.name) {
                try await context.node.run(
                    member.inner, from: AgentState(task.task, brief, taint: context.taint))
            }
            var output = ToolOutput(
                [.text("\(winner.bidder): \(end.outcome)")], spent: end.spent, taint: end.taint)
            output.isError = end.failure != nil
            return output
        }
        tool.spends = true
        return tool
    }
}

/// A task that is given to whoever is best for it.
public struct DelegatedTask: Codable, Sendable, Hashable, SchemaDescribed {
    public var task: String
    public var capabilities: [String]

    public static let descriptions = [
        "task": "Everything the agent has to know, in full sentences.",
        "capabilities": "What it has to be able to do, of those that are known.",
    ]
}

/// How many tasks the agents of this process work on.
public final class AgentLoad: Sendable {
    private let counts = Guarded<[String: Int]>([:])
    /// How many at once make an agent as busy as it can be.
    public let most: Int

    public init(most: Int = 4) { self.most = max(1, most) }

    /// From 0, idle, to 1.
    public func load(of agent: String) -> Double {
        min(1, Double(counts.withLock { $0[agent] ?? 0 }) / Double(most))
    }

    /// What an agent offers by its capabilities and its load.
    func bid(of profile: AgentProfile, for task: DelegatedTask) -> Bid {
        let known = task.capabilities.count { profile.capabilities.contains($0) }
        let ability = task.capabilities.isEmpty ? 1 : Double(known) / Double(task.capabilities.count)
        // The busiest is still better than nobody.
        return Bid(profile.name, ability: ability, load: load(of: profile.name) * 0.9)
    }

    func counting<Value>(_ agent: String, _ body: () async throws -> Value) async rethrows -> Value {
        counts.withLock { $0[agent, default: 0] += 1 }
        defer { counts.withLock { $0[agent, default: 0] -= 1 } }
        return try await body()
    }
}
