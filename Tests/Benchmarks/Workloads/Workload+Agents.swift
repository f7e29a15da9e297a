import Apus
import ApusAgents
import ApusSQLite

extension Workload {
    /// A run of four turns with five calls, two of them side by side, and an answer; beside plain calls of the same model and tool.
    static let agent = Workload("agent") {
        let agent = try BenchAgent.make(pause: nil)
        let (runs, turns) = (200, Double(BenchAgent.turns))
        let executor = GraphExecutor()
        let times = try await Contest(rounds: 5).time {
            for _ in 0..<runs { try await BenchAgent.run(agent, on: executor) }
        } against: {
            for _ in 0..<runs { try await BenchAgent.raw() }
        }
        let unit = Double(runs) * turns
        return [
            Figure(
                workload: "agent", n: runs, apus: times.first / unit, raw: times.second / unit, unit: "µs/turn",
                bars: [.apus(40)])
        ]
    }

    /// The same, stored in a file in each durability; beside two commits a turn.
    static let durableAgent = Workload("durable-agent") {
        var figures: [Figure] = []
        for durability in [Durability.everyStep, .pipelined, .onSuspend] {
            figures += try await durable(durability)
        }
        return figures
    }

    private static func durable(_ durability: Durability) async throws -> [Figure] {
        try await Disk.within { disk in
            let agent = try BenchAgent.make(pause: nil)
            let (runs, turns) = (20, Double(BenchAgent.turns))
            let storage = try await SQLiteStorage.open(at: disk.path("apus"))
            let raw = try RawSQLite(at: disk.path("raw"))
            let executor = GraphExecutor(storage: storage, durability: durability)
            let bytes = [UInt8](repeating: 42, count: 400)
            var rows = 0
            let times = try await Contest(rounds: 5).time {
                for _ in 0..<runs { try await BenchAgent.run(agent, on: executor) }
            } against: {
                for _ in 0..<runs * BenchAgent.turns * 2 {
                    rows += 1
                    try raw.commit(bytes, at: StorageKey("journal", "01m7yb1vm33gy20p2mzt1xge8t", rows))
                }
            }
            let before = storage.statistics.transactions
            for _ in 0..<runs { try await BenchAgent.run(agent, on: executor) }
            let commits = Double(storage.statistics.transactions - before)
            await storage.close()
            let unit = Double(runs) * turns
            let name = "durable-agent \(durability)"
            return [
                Figure(
                    workload: name, n: runs, apus: times.first / unit, raw: times.second / unit, unit: "µs/turn",
                    bars: [.ratio(1)]),
                Figure(workload: name, n: runs, apus: commits / unit, raw: 2, unit: "commits/turn", bars: [.ratio(1)]),
            ]
        }
    }

    /// A thousand agents at once whose model takes 50 ms a turn, beside as many tasks that sleep as long.
    static let agents = Workload("agents") {
        let agent = try BenchAgent.make(pause: .milliseconds(50))
        let count = 1_000
        let executor = GraphExecutor()
        let times = try await Contest(rounds: 3).time {
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<count { group.addTask { try await BenchAgent.run(agent, on: executor) } }
            }
        } against: {
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<count {
                    group.addTask {
                        for _ in 0..<BenchAgent.turns { try await Task.sleep(for: .milliseconds(50)) }
                    }
                }
            }
        }
        return [
            Figure(
                workload: "agents", n: count, apus: times.first / 1_000, raw: times.second / 1_000, unit: "ms",
                bars: [.ratio(1.3)])
        ]
    }
}

/// The agent of the benchmarks: its model says at once what it is to say, or after a pause.
enum BenchAgent {
    /// How many calls there are in each turn; after the last one comes the answer.
    static let calls = [1, 2, 1, 1]
    static let turns = calls.count + 1

    static func make(pause: Duration?) throws -> Agent {
        try Agent("bench", model: BenchModel(pause: pause), tools: [Add()])
    }

    static func run(_ agent: Agent, on executor: GraphExecutor) async throws {
        let end = try await executor.run(agent.graph, from: AgentState("Add."))
        try MeasureError.expect(end.spent.toolCalls, 5)
    }

    static func raw() async throws {
        let model: any LLMProvider = BenchModel(pause: nil)
        var messages: [ChatMessage] = [.user("Add.")]
        while true {
            let response = try await model.chat(ChatRequest(messages))
            messages.append(response.message)
            if response.toolCalls.isEmpty { break }
            messages.append(.tool(response.toolCalls.map { ToolResult($0, "3") }))
        }
        try MeasureError.expect(messages.count, 2 * turns)
    }

    struct Add: Tool {
        struct Input: Codable {
            var left: Int
            var right: Int
        }
        let name = "add"
        let description = "Adds two numbers"
        func call(_ input: Input, _ context: ToolContext) async throws -> Int { input.left + input.right }
    }

    struct BenchModel: LLMProvider {
        let pause: Duration?
        let info = ModelInfo(provider: "bench", model: "bench")

        func chat(_ request: ChatRequest) async throws -> ChatResponse {
            if let pause { try await Task.sleep(for: pause) }
            let turn = request.messages.count { $0.role == .assistant }
            guard turn < calls.count else { return ChatResponse(.assistant("Done."), finish: .stop) }
            let parts = (0..<calls[turn]).map { position in
                ChatPart(
                    .toolCall(ToolCall(id: "\(turn)-\(position)", name: "add", argumentsText: #"{"left":1,"right":2}"#))
                )
            }
            return ChatResponse(
                ChatMessage(.assistant, parts), finish: .toolCalls, usage: Usage(inputTokens: 50, outputTokens: 10))
        }

        func stream(
            _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
        ) async throws -> ChatResponse {
            try await chat(request)
        }
    }
}
