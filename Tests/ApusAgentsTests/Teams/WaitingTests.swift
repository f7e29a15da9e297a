import Apus
import ApusAgents
import ApusTesting
import Testing

/// Agents that wait for people, one within the other and side by side.
@Suite struct WaitingTests {
    private func asker(_ name: String, _ weather: Weather) throws -> Agent {
        try Agent(
            AgentProfile(name),
            model: ScriptedModel([.call("weather", ["city": .string(name)]), .text("\(name) knows")]),
            tools: ToolSet([weather]))
    }

    @Test(arguments: ["swift", "tools", "group"])
    func `a run whose agents all wait is put away, and goes on with each answer`(kind: String) throws {
        try Simulator(seed: 11).run(limit: .seconds(36_000)) { environment in
            let weather = Weather(ToolPolicy(permission: .ask))
            let agent = try agent(kind, try asker("ada", weather), try asker("bob", weather))
            let storage = MemoryStorage(environment: environment)
            let starter = Engine(storage: storage, environment: environment)
            starter.register(agent.graph)
            let run = try await starter.start(agent.graph, from: AgentState("?"))
            var answered: [String] = []
            for number in 0..<2 {
                // Each answer comes in a process of its own.
                let engine = Engine(storage: storage, environment: environment)
                engine.register(agent.graph)
                let (expected, before) = (kind == "group" ? 1 : 2 - number, answered)
                answered += try await engine.working {
                    let open = try await engine.waiting(run, for: expected, beyond: before, environment)
                    try await engine.answer(run, open[0], with: ToolApproval.approve)
                    return [open[0]]
                }
            }
            let last = Engine(storage: storage, environment: environment)
            last.register(agent.graph)
            let end = try await last.working { try await last.value(of: run, agent.graph) }
            #expect(end.text == (kind == "group" ? "bob knows" : "ada knows, bob knows"))
            #expect(weather.cities.sorted() == ["ada", "bob"])
        }
    }

    /// Two agents that work side by side for Swift or for a model, or talk in turn.
    private func agent(_ kind: String, _ ada: Agent, _ bob: Agent) throws -> Agent {
        switch kind {
        case "swift":
            return try Agent(AgentProfile("both")) { state, work in
                let task = Array(state.messages)
                let ends = try await work.ask([(ada, task, "1"), (bob, task, "2")], for: &state)
                state.messages.append(.assistant(ends.map(\.text).joined(separator: ", ")))
            }
        case "tools":
            let chief = ScriptedModel([
                .calls([("ada", ["task": "?"]), ("bob", ["task": "?"])]), .text("ada knows, bob knows"),
            ])
            return try Agent.coordinator(AgentProfile("chief"), model: chief, of: [ada, bob])
        default: return try Agent.group("panel", [ada, bob], turns: .rounds(1)) { _ in false }
        }
    }
}

extension Engine {
    /// The open questions of a run that has been put away, once there are so many beyond those that were answered.
    fileprivate func waiting(
        _ run: RunID, for count: Int, beyond answered: [String], _ environment: any Environment
    ) async throws -> [String] {
        while true {
            let open = try await questions(of: run).map(\.id).filter { !answered.contains($0) }
            if try await status(of: run)?.status == .waiting, open.count == count { return open }
            try await environment.sleep(for: .seconds(1))
        }
    }
}
