import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct BudgetTests {
    private static let prices = PriceTable(["script": .init(input: 10, output: 100)])

    @Test func `what an answer may take is reserved before the model is asked`() async throws {
        let model = ScriptedModel([.call("weather", ["city": "Oslo"]), .text("4")])
        let agent = try Agent("guide", model: model, tools: [Weather()], limits: AgentLimits(tokens: 1_000))
        let end = try await agent.run([.user("Oslo?")])
        let reserved = model.requests.map { $0.maximumTokens ?? 0 }
        let first = TokenEstimate.of(model.requests[0])
        #expect(reserved[0] == 1_000 - first)
        #expect(reserved[1] < reserved[0])
        #expect(end.spent.usage.totalTokens <= 1_000)
    }

    @Test func `a turn that the budget can't pay is not asked for`() async throws {
        let model = ScriptedModel(Array(repeating: .call("weather", ["city": "Oslo"]), count: 99))
        let agent = try Agent("guide", model: model, tools: [Weather()], limits: AgentLimits(tokens: 400))
        let error = await #expect(throws: RunError.self) { try await agent.respond(to: "?") }
        #expect((error?.underlying as? AgentError)?.code == .budgetSpent)
        #expect("\(error!)".contains("tokens left"))
        #expect(!model.requests.isEmpty)
    }

    @Test func `money is counted by the price table, and limited by it`() async throws {
        let model = ScriptedModel(info: ModelInfo(provider: "scripted", model: "script-1")) { _, _ in
            let usage = Usage(inputTokens: 1_000, outputTokens: 50)
            let call = ToolCall(id: "c", name: "weather", arguments: ["city": "Oslo"])
            return ChatResponse(ChatMessage(.assistant, [ChatPart(.toolCall(call))]), finish: .toolCalls, usage: usage)
        }
        let settings = AgentSettings(prices: Self.prices)
        let agent = try Agent(
            "guide", model: model, tools: [Weather()], limits: AgentLimits(cost: 0.05), settings: settings)
        let error = await #expect(throws: RunError.self) { try await agent.respond(to: "?") }
        #expect((error?.underlying as? AgentError)?.code == .budgetSpent)
        #expect(model.requests.count == 3)
        let affordable = model.requests.map { $0.maximumTokens ?? 0 }
        #expect(affordable[1] < affordable[0])
        #expect(affordable[2] < affordable[1])
    }

    @Test func `money can't be limited where the price of the model is unknown`() throws {
        #expect(throws: AgentError(.unknownPrice, agent: "guide")) {
            try Agent("guide", model: ScriptedModel([]), limits: AgentLimits(cost: 1))
        }
    }

    @Test func `time is over on the calendar, in the middle of an answer, too`() throws {
        try Simulator(seed: 5).run(limit: .seconds(3_600)) { environment in
            let model = ScriptedModel { request, _ in
                try await environment.sleep(for: .seconds(40))
                let call = ToolCall(id: "c\(request.messages.count)", name: "weather", arguments: ["city": "Oslo"])
                return ChatResponse(ChatMessage(.assistant, [ChatPart(.toolCall(call))]), finish: .toolCalls)
            }
            let agent = try Agent(
                "slow", model: model, tools: [Weather()], limits: AgentLimits(time: .seconds(60)))
            let error = await #expect(throws: RunError.self) {
                try await agent.run([.user("?")], on: GraphExecutor(environment: environment))
            }
            #expect((error?.underlying as? AgentError)?.code == .budgetSpent)
            #expect(model.requests.count == 2)
            #expect(environment.now().uptime < .seconds(61))
        }
    }

    @Test func `those who work side by side for an agent share what it has left`() async throws {
        let helper = ScriptedModel { _, _ in ChatResponse(.assistant("done"), finish: .stop) }
        let chief = ScriptedModel([
            .calls([("a", ["task": "x"]), ("b", ["task": "y"]), ("weather", ["city": "Oslo"])]), .text("both"),
        ])
        var tools = try ToolSet([Weather()])
        try tools.add(Agent("a", model: helper).tool())
        try tools.add(Agent("b", model: helper, limits: AgentLimits(tokens: 300)).tool())
        let agent = try Agent(AgentProfile("chief"), model: chief, tools: tools, limits: AgentLimits(tokens: 4_000))
        let end = try await agent.run([.user("?")])
        #expect(end.text == "both")
        let shares = helper.requests.map { TokenEstimate.of($0) + ($0.maximumTokens ?? 0) }.sorted()
        let left = 4_000 - TokenEstimate.of(chief.requests[0]) - 1
        #expect(shares[0] == 300)
        #expect(shares[1] == left / 2)
    }

    @Test func `a member of a team keeps to its own limits, and all together to the team's`() async throws {
        let desk = ScriptedModel { request, _ in
            let call = ToolCall(id: "c\(request.messages.count)", name: "weather", arguments: ["city": "Oslo"])
            return ChatResponse(ChatMessage(.assistant, [ChatPart(.toolCall(call))]), finish: .toolCalls)
        }
        func turns(own: Int, team: Int) async throws -> Int {
            let before = desk.requests.count
            let member = try Agent(
                AgentProfile("desk"), model: desk, tools: ToolSet([Weather()]), limits: AgentLimits(turns: own))
            let other = try Agent(AgentProfile("other"), model: desk)
            let team = try Agent.team("service", [member, other], limits: AgentLimits(turns: team))
            let error = await #expect(throws: RunError.self) { try await team.run([.user("?")]) }
            #expect((error?.underlying as? AgentError)?.code == .tooManyTurns)
            return desk.requests.count - before
        }
        #expect(try await turns(own: 3, team: 50) == 3)
        #expect(try await turns(own: 30, team: 4) == 4)
    }

    @Test(arguments: 0..<100)
    func `whatever agents do below each other, together they spend no more than the outermost may`(seed: Int)
        async throws
    {
        let tree = BudgetTree(seed: UInt64(seed))
        let limit = 3_000 + seed * 40
        let agent = try tree.agent("root", depth: 0, limits: AgentLimits(tokens: limit))
        let spent: Int
        do {
            spent = try await agent.run([.user("go")]).spent.usage.totalTokens
        } catch {
            spent = 0
        }
        #expect(spent <= limit, "seed \(seed)")
        #expect(tree.total.withLock { $0 } <= limit, "seed \(seed): what the models counted")
    }
}

/// Agents that call each other at random; their models write as much as they may.
private final class BudgetTree: Sendable {
    let total = Guarded(0)
    private let random: Guarded<SeededGenerator>

    init(seed: UInt64) { random = Guarded(SeededGenerator(seed: seed)) }

    func agent(_ name: String, depth: Int, limits: AgentLimits = AgentLimits()) throws -> Agent {
        var tools = ToolSet()
        if depth < 2 {
            for child in ["x", "y", "z"] { try tools.add(agent("\(name)\(child)", depth: depth + 1).tool()) }
        }
        let names = tools.tools.map(\.name)
        let model = ScriptedModel { [self] request, _ in
            let input = TokenEstimate.of(request)
            let (calls, share) = random.withLock { random in
                let count = Int.random(in: 0...2, using: &random)
                let calls = names.isEmpty ? [] : (0..<count).compactMap { _ in names.randomElement(using: &random) }
                return (calls, Double.random(in: 0...0.3, using: &random))
            }
            let output = Int(Double(request.maximumTokens ?? 0) * share)
            total.withLock { $0 += input + output }
            let parts = calls.enumerated().map { place, name in
                ChatPart(
                    .toolCall(
                        ToolCall(id: "\(request.messages.count)-\(place)", name: name, arguments: ["task": "go"])))
            }
            let usage = Usage(inputTokens: input, outputTokens: output)
            let message = parts.isEmpty ? ChatMessage.assistant("ok") : ChatMessage(.assistant, parts)
            return ChatResponse(message, finish: parts.isEmpty ? .stop : .toolCalls, usage: usage)
        }
        return try Agent(AgentProfile(name), model: model, tools: tools, limits: limits)
    }
}
