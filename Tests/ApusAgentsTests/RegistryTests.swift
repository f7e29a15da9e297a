import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct RegistryTests {
    private func agent(_ name: String, _ version: String = "1", _ capabilities: String...) throws -> Agent {
        try Agent(
            AgentProfile(name, capabilities: capabilities, version: version), model: ScriptedModel([.text("\(name)")]))
    }

    @Test func `only legal steps of a life can be taken, and every phase has an end`() throws {
        typealias Phase = AgentLifecycle.Phase
        let ways: [[Phase]] = [
            [], [.initialised], [.initialised, .running], [.initialised, .running, .paused], [.destroyed],
        ]
        for way in ways {
            var life = AgentLifecycle()
            for phase in way { try life.move(to: phase) }
            for phase in Phase.allCases {
                var next = life
                if life.next.contains(phase) {
                    try next.move(to: phase)
                    #expect(next.phase == phase)
                } else {
                    #expect(throws: AgentError(.illegalTransition)) { try next.move(to: phase) }
                    #expect(next == life)
                }
            }
            #expect(life.phase == .destroyed || life.next.contains(.destroyed))
        }
    }

    @Test func `who is found runs, is well, may be used and can do it`() throws {
        let registry = AgentRegistry()
        for (agent, friend) in [
            (try agent("a", "1.9", "sums"), "x"), (try agent("a", "1.10", "sums", "maps"), "x"),
            (try agent("b", "1", "sums"), "y"),
        ] {
            try registry.register(agent) { $0 == friend || $0 == "all" }
            try registry.move(agent.profile.id, to: .initialised)
            #expect(registry.agent(named: agent.profile.name, version: agent.profile.version, for: "all") == nil)
            try registry.move(agent.profile.id, to: .running)
        }
        #expect(registry.agent(named: "a", for: "x")?.profile.version == "1.10")
        #expect(registry.agents(able: "sums", for: "all").map(\.profile.id) == ["a@1.9", "a@1.10", "b@1"])
        #expect(registry.agents(able: "sums", "maps", for: "all").map(\.profile.id) == ["a@1.10"])
        #expect(registry.agents(able: "sums", for: "y").map(\.profile.id) == ["b@1"])
        try registry.note("its model can't be reached", of: "a@1.10")
        #expect(registry.agent(named: "a", for: "x")?.profile.version == "1.9")
        try registry.move("a@1.9", to: .paused)
        #expect(registry.agent(named: "a", for: "x") == nil)
        #expect(throws: AgentError(.registeredAlready, agent: "b@1")) { try registry.register(agent("b")) }
    }

    @Test func `the best free bidder wins, whoever answers first, and one that fails does not bid`() throws {
        struct Absent: Error {}
        for seed in 0..<20 as Range<UInt64> {
            try Simulator(seed: seed).run(limit: .seconds(60)) { environment in
                let pause: @Sendable () async throws -> Void = {
                    try await environment.sleep(for: .milliseconds(Int(environment.random() % 50)))
                }
                let net = ContractNet([
                    { _ in
                        try await pause(); return Bid("busy", ability: 1, load: 0.9)
                    },
                    { _ in
                        try await pause(); return Bid("good", ability: 0.8, load: 0.1)
                    },
                    { _ in throw Absent() },
                    { _ in
                        try await pause(); return Bid("same", ability: 0.8, load: 0.1)
                    },
                    { _ in nil },
                ])
                let bids = try await net.bids(for: "a sum")
                #expect(bids.map(\.bidder) == ["good", "same", "busy"], "seed \(seed)")
            }
        }
    }

    @Test func `a vote takes what most said, and a judge what the model names`() async throws {
        #expect(Aggregation.vote(["a", "b", "b", "a", "c"]) == "a")
        #expect(Aggregation.vote([Int]()) == nil)
        let merger = ScriptedModel([.text("both")])
        let merged = try await Aggregation.merge(["long", "short"], of: "?", by: merger)
        #expect(merged == "both")
        #expect(merger.requests.first?.messages.last?.text.contains("Answer 2:\nshort") == true)
        #expect(try await Aggregation.merge(["one"], of: "?", by: merger) == "one")
        let judge = ScriptedModel([.text(#"{"reason": "it is short", "best": 1}"#)])
        #expect(try await Aggregation.judge(["long", "short"], of: "?", by: judge).index == 1)
        let lost = ScriptedModel([.text(#"{"reason": "?", "best": 7}"#)])
        await #expect(throws: DecisionError(.invalidChoice)) {
            _ = try await Aggregation.judge(["a"], of: "?", by: lost)
        }
    }
}

@Suite struct ToolRegistryTests {
    @Test func `tools are registered once and given out by name`() throws {
        let registry = try ToolRegistry()
        try registry.register(Weather())
        try registry.register(
            BoundTool(ToolDefinition(name: "remote", description: "?", parameters: JSONSchema(["type": "object"]))) {
                _, _ in
                .text("")
            }, from: .imported(from: "server-1"))
        #expect(registry.entries.map(\.tool.name) == ["current_time", "calculate", "weather", "remote"])
        #expect(
            try registry.tools(named: ["weather", "calculate"]).definitions.map(\.name) == ["weather", "calculate"])
        let twice = #expect(throws: AgentError.self) { try registry.register(Weather()) }
        #expect(twice?.description.contains("a tool of the program") == true)
        let unknown = #expect(throws: AgentError.self) { try registry.tools(named: ["x", "weather", "y"]) }
        #expect(unknown?.detail == "there is no x, y; there are current_time, calculate, weather, remote")
        #expect(registry.remove("remote") && !registry.remove("remote"))
    }
}
