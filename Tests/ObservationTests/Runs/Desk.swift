import Apus
import ApusAgents
import ApusTesting

/// A run with an agent that calls a tool, a question that suspends it, and a subgraph whose node is tried twice.
struct Desk: GraphState {
    var answer = ""
    var name = ""
    var worked = 0

    static func graph() throws -> Graph<Desk> {
        let model = ScriptedModel([.call("count", ["number": 3]), .text("three")])
        let agent = try Agent("clerk", model: model, tools: [Count()])
        let inner = try Graph<Desk>("inner") { g in
            let work = g.node("work") { state, context in
                if context.attempt == 1 { throw Busy() }
                state.worked += 1
            }
            .retry(.constant(attempts: 2, delay: .seconds(1)))
            g.start(at: work)
        }
        return try Graph<Desk>("desk") { g in
            let clerk = g.subgraph("clerk", agent.graph) { _ in
                AgentState([.user("How many?")])
            } out: { state, end in
                state.answer = end.text
            }
            let ask = g.node("ask") { state, context in
                state.name = try await context.ask(Question<String>("name", "Who asks?"))
            }
            let sub = g.subgraph("sub", inner)
            g.start(at: clerk)
            g.chain(clerk, ask, sub)
        }
    }

    struct Busy: Error, CustomStringConvertible { var description: String { "busy, password=hunter22" } }

    struct Count: Tool {
        struct Input: Codable { var number: Int }
        let name = "count"
        let description = "Counts"
        func call(_ input: Input, _ context: ToolContext) async throws -> Int { input.number }
    }
}

/// What watches a run in these tests.
struct Watch: Sendable {
    let spans = SpanMemory()
    let log = LogMemory()
    let registry = MetricsRegistry()
    let costs = CostLedger()
    var sampler = TraceSampler.parentBased(root: .always)

    var observers: [any Observer] {
        [
            RunTracer(spans, sampler: sampler), RunLog(log, level: .debug), RunMetrics(registry), costs,
        ]
    }
}

/// Lets one engine execute the desk's run up to its question, and another one from there on.
func watchDesk(
    _ first: Watch, _ second: Watch, caller: TraceContext? = nil, seed: UInt64 = 1
) throws {
    let graph = try Desk.graph()
    let run = RunID("desk-1")
    try Simulator(seed: seed).run(limit: .seconds(10_000)) { environment in
        let storage = MemoryStorage(environment: environment)
        try await hosted(storage, environment, graph, first) { engine in
            try await engine.start(graph, from: Desk(), id: run, trace: caller)
            let events = engine.events(of: run)
            for try await _ in events {}
        }
        try await environment.sleep(for: .seconds(60))
        try await hosted(storage, environment, graph, second) { engine in
            try await engine.answer(run, "ask?name", with: "Ada")
            _ = try await engine.outcome(of: run)
        }
    }
}

private func hosted(
    _ storage: MemoryStorage, _ environment: any Environment, _ graph: Graph<Desk>, _ watch: Watch,
    _ body: @escaping @Sendable (Engine) async throws -> Void
) async throws {
    let engine = Engine(storage: storage, environment: environment, observers: watch.observers)
    engine.register(graph)
    try await withThrowingTaskGroup { group in
        group.addTask { try await engine.run() }
        try await body(engine)
        group.cancelAll()
    }
}
