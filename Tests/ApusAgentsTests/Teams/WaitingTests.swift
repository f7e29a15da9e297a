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
            let (ada, bob) = (try asker("ada", weather), try asker("bob", weather))
            let agent: Agent
            switch kind {
            case "swift":
                agent = try Agent(AgentProfile("both")) { state, work in
                    let task = Array(state.messages)
                    let ends = try await work.ask([(ada, task, "1"), (bob, task, "2")], for: &state)
                    state.messages.append(.assistant(ends.map(\.text).joined(separator: ", ")))
                }
            case "tools":
                let chief = ScriptedModel([
                    .calls([("ada", ["task": "?"]), ("bob", ["task": "?"])]), .text("ada knows, bob knows"),
                ])
                agent = try Agent.coordinator(AgentProfile("chief"), model: chief, of: [ada, bob])
            default:
                agent = try Agent.group("panel", [ada, bob], turns: .rounds(1)) { _ in false }
            }
            let storage = MemoryStorage(environment: environment)
            var run: RunID?
            var answered: [String] = []
            for _ in 0..<2 {
                let engine = Engine(storage: storage, environment: environment)
                engine.register(agent.graph)
                let (known, before) = (run, answered)
                let (now, question) = try await engine.working {
                    let run =
                        if let known { known } else { try await engine.start(agent.graph, from: AgentState("?")) }
                    while true {
                        let open = try await engine.questions(of: run).filter { !before.contains($0.id) }
                        let status = try await engine.status(of: run)?.status
                        if status == .waiting, let first = open.first, kind == "group" || open.count == 2 - before.count
                        {
                            try await engine.answer(run, first.id, with: ToolApproval.approve)
                            return (run, first.id)
                        }
                        try await environment.sleep(for: .seconds(1))
                    }
                }
                run = now
                answered.append(question)
            }
            let last = Engine(storage: storage, environment: environment)
            last.register(agent.graph)
            let id = try #require(run)
            let end = try await last.working { try await last.value(of: id, agent.graph) }
            #expect(end.text == (kind == "group" ? "bob knows" : "ada knows, bob knows"))
            #expect(weather.cities.sorted() == ["ada", "bob"])
        }
    }
}
