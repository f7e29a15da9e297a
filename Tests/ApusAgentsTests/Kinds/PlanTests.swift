import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct PlanTests {
    /// Repeats its task in capitals; fails where it reads "fail".
    private let model = ScriptedModel { request, info in
        let task = request.messages.last?.text ?? ""
        if task.contains("fail") { throw LLMError(.filtered, info) }
        return ChatResponse(.assistant(task.uppercased()), finish: .stop)
    }

    private func workers() throws -> [Agent] {
        [try Agent(AgentProfile("x", role: "Shouts."), model: model), try Agent(AgentProfile("y"), model: model)]
    }

    private func plan(_ steps: PlanStep...) throws -> ScriptedModel.Turn { .text("\(try JSON(encoding: Plan(steps)))") }

    @Test func `steps are done in the order of their needs, and the answer rests on all`() async throws {
        let chief = ScriptedModel(
            [
                try plan(
                    PlanStep("c", by: "x", "sea", needs: ["a", "b"]), PlanStep("a", by: "x", "one"),
                    PlanStep("b", by: "y", "two", needs: ["a"])),
                .text("answered"),
            ], order: .byRequest)
        let agent = try Agent.planner(AgentProfile("chief"), model: chief, workers: workers())
        let end = try await agent.run([.user("Do it.")])
        #expect(end.text == "answered")
        #expect(chief.requests[0].messages[0].text.contains("- x: Shouts."))
        let report = try #require(chief.requests[1].messages.last?.text)
        #expect(report.contains("a found: ONE\nb found: TWO"))
        #expect(model.requests.map { $0.messages.last?.text ?? "" }.last?.contains("Result of b:\nTWO") == true)
        #expect(end.spent.turns == 5)
    }

    @Test(
        arguments: [
            ([PlanStep("a", by: "z", "?")], "no worker \"z\""),
            ([PlanStep("a", by: "x", "?", needs: ["q"])], "needs q, which is no step"),
            ([PlanStep("a", by: "x", "?", needs: ["b"]), PlanStep("b", by: "x", "?", needs: ["a"])], "no graph"),
            ([PlanStep("a", by: "x", "?"), PlanStep("a", by: "y", "?")], "no graph"), ([], "no steps"),
        ] as [([PlanStep], String)])
    func `a plan that can't be carried out goes back with the reason, and nothing of it runs`(
        steps: [PlanStep], reason: String
    ) async throws {
        let chief = ScriptedModel(
            [.text("\(try JSON(encoding: Plan(steps)))"), try plan(PlanStep("good", by: "x", "one")), .text("done")],
            order: .byRequest)
        let agent = try Agent.planner(AgentProfile("chief"), model: chief, workers: workers())
        #expect(try await agent.respond(to: "?") == "done")
        #expect(chief.requests[1].messages.last?.text.contains(reason) == true)
        #expect(model.requests.count == 1)
    }

    @Test func `where a step fails another plan is written on what is known`() async throws {
        let chief = ScriptedModel(
            [
                try plan(
                    PlanStep("a", by: "x", "one"), PlanStep("b", by: "y", "fail"),
                    PlanStep("c", by: "x", "three", needs: ["b"])),
                try plan(PlanStep("d", by: "x", "four", needs: ["a"])), .text("done"),
            ], order: .byRequest)
        let agent = try Agent.planner(AgentProfile("chief"), model: chief, workers: workers())
        #expect(try await agent.respond(to: "?") == "done")
        let report = try #require(chief.requests[1].messages.last?.text)
        #expect(report.contains("a found: ONE") && report.contains("b failed") && report.contains("c failed: left out"))
        #expect(model.requests.count == 3)
    }

    @Test func `if nothing works the run fails, and says what was tried`() async throws {
        let chief = ScriptedModel(
            [try plan(PlanStep("a", by: "x", "fail")), try plan(PlanStep("b", by: "x", "fail"))], order: .byRequest)
        let agent = try Agent.planner(AgentProfile("chief"), model: chief, workers: workers(), plans: 2)
        let error = await #expect(throws: RunError.self) { try await agent.respond(to: "?") }
        let cause = try #require(error?.underlying as? AgentError)
        #expect(cause.code == .planFailed)
        #expect(cause.detail?.contains("a: ") == true && cause.detail?.contains("b: ") == true)
    }

    @Test func `a planner that waits in a step goes on in another process, and plans nothing again`() throws {
        try Simulator(seed: 6).run(limit: .seconds(600)) { environment in
            let weather = Weather(ToolPolicy(permission: .ask))
            let script = ScriptedModel([.call("weather", ["city": "Oslo"]), .text("4")])
            let worker = try Agent(AgentProfile("x"), model: script, tools: ToolSet([weather]))
            let chief = ScriptedModel(
                [
                    try plan(PlanStep("a", by: "x", "Oslo?"), PlanStep("b", by: "x", "Oslo again?", needs: ["a"])),
                    .text("done"),
                ], order: .byRequest)
            let agent = try Agent.planner(AgentProfile("chief"), model: chief, workers: [worker])
            let storage = MemoryStorage(environment: environment)
            let run = try await agent.asked(storage, environment)
            // Each step's question is answered in a process of its own.
            for step in ["a", "b"] {
                let second = Engine(storage: storage, environment: environment)
                second.register(agent.graph)
                try await second.working {
                    let question = try await second.question(of: run, in: step, environment)
                    try await second.answer(run, question, with: ToolApproval.approve)
                }
            }
            let last = Engine(storage: storage, environment: environment)
            last.register(agent.graph)
            let end = try await last.working { try await last.value(of: run, agent.graph) }
            #expect(end.text == "done")
            #expect(weather.cities == ["Oslo", "Oslo"])
            #expect(chief.requests.count == 2)
            #expect(script.requests.count == 4)
        }
    }
}

extension Engine {
    /// The id of the question that a step of a plan has asked, as soon as there is one.
    fileprivate func question(of run: RunID, in step: String, _ environment: any Environment) async throws -> String {
        while true {
            let open = try await questions(of: run).map(\.id)
            if let question = open.first(where: { $0.contains("/\(step)/") }) { return question }
            try await environment.sleep(for: .seconds(1))
        }
    }
}
