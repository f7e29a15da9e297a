import Apus
import ApusTesting
import Testing

@Suite struct EngineTests {
    struct Order: GraphState {
        var tents = 1
        var notes: [String] = []
    }

    private func short(_ name: String = "short") throws -> Graph<Order> {
        try Graph<Order>(name) { g in
            let only = g.node("only") { order, context in
                if order.tents == 0 { throw CancelOrder() }
                if order.tents == 2 { try await context.sleep(for: .seconds(3_600)) }
                order.notes.append("done")
            }
            g.start(at: only)
        }
    }

    struct CancelOrder: Error {}

    @Test func `the status of a run takes the steps alone that may follow it`() throws {
        let now = WallTime(milliseconds: 0)
        let old = RunHead(graph: "short", fingerprint: "", status: .completed, created: now, worker: nil)
        for status in RunHead.Status.allCases where status != .completed {
            var (next, batch) = (old, StorageBatch())
            next.status = status
            if status == .ready {
                try next.store(in: &batch, replacing: old)
            } else {
                #expect(throws: TransitionError.self) { try next.store(in: &batch, replacing: old) }
                #expect(batch.isEmpty)
            }
        }
    }

    /// An engine over a storage of its own that runs while `body` does, in simulated time.
    private func hosted(
        _ graphs: [Graph<Order>], _ options: EngineOptions = EngineOptions(),
        _ body: @escaping @Sendable (Engine, any Environment) async throws -> Void
    ) throws {
        try Simulator(seed: 1).run(limit: .seconds(100_000)) { environment in
            let storage = MemoryStorage(environment: environment)
            let engine = Engine(storage: storage, environment: environment, options: options)
            for graph in graphs { engine.register(graph) }
            try await withThrowingTaskGroup { group in
                group.addTask { try await engine.run() }
                try await body(engine, environment)
                group.cancelAll()
            }
        }
    }

    @Test func `starting a run a second time changes nothing, and another one of its id is refused`() throws {
        let graph = try short()
        try hosted([graph]) { engine, _ in
            let id = RunID("order-17")
            for _ in 0..<3 { try await engine.start(graph, from: Order(), id: id) }
            #expect(try await engine.value(of: id, graph).notes == ["done"])
            try await engine.start(graph, from: Order(), id: id)
            await #expect(throws: JournalError(.otherRun, run: id)) {
                try await engine.start(graph, from: Order(tents: 3), id: id)
            }
            await #expect(throws: RunError.self) {
                try await engine.start(graph, from: Order(), entry: "side door", id: RunID("b"))
            }
            #expect(try await engine.status(of: RunID("b")) == nil)
        }
    }

    @Test func `the value of a run that failed or was cancelled is an error, and one of no run too`() throws {
        let graph = try short()
        try hosted([graph]) { engine, environment in
            try await engine.start(graph, from: Order(tents: 0), id: RunID("fails"))
            try await engine.start(graph, from: Order(tents: 2), id: RunID("sleeps"))
            await #expect(throws: JournaledError.self) { try await engine.value(of: RunID("fails"), graph) }
            try await environment.sleep(for: .seconds(60))
            #expect(try await engine.status(of: RunID("sleeps"))?.status == .waiting)
            try await engine.cancel(RunID("sleeps"))
            await #expect(throws: CancellationError.self) { try await engine.value(of: RunID("sleeps"), graph) }
            #expect(try await engine.status(of: RunID("sleeps"))?.status == .cancelled)
            let none = RunID("none")
            await #expect(throws: JournalError(.unknownRun, run: none)) { try await engine.value(of: none, graph) }
            await #expect(throws: JournalError(.unknownRun, run: none)) { try await engine.cancel(none) }
            await #expect(throws: JournalError(.unknownRun, run: none)) { try await engine.signal(none, "x", 1) }
        }
    }

    @Test func `runs are listed by status, graph and time, page by page`() throws {
        let graphs = try ["a", "b"].map { try short($0) }
        try hosted(graphs) { engine, environment in
            var moments: [WallTime] = []
            for number in 0..<10 {
                moments.append(environment.now().wallTime)
                for graph in graphs {
                    try await engine.start(graph, from: Order(), id: RunID("\(graph.name)\(number)"))
                }
                try await environment.sleep(for: .seconds(60))
            }
            try await engine.start(graphs[0], from: Order(tents: 0), id: RunID("fails"))
            try await environment.sleep(for: .seconds(1))
            #expect(try await engine.runs(.failed).map(\.id) == [RunID("fails")])
            #expect(try await engine.runs(.waiting).isEmpty)
            var all: [RunID] = []
            var last: RunHead?
            repeat {
                let page = try await engine.runs(.completed, after: last, limit: 3)
                all += page.map(\.id)
                last = page.last
            } while last != nil
            let expected = ["b", "a"].flatMap { graph in (0..<10).reversed().map { RunID("\(graph)\($0)") } }
            #expect(all == expected)
            let some = try await engine.runs(.completed, created: moments[3]..<moments[6])
            #expect(some.map(\.id) == ["b5", "b4", "b3", "a5", "a4", "a3"].map { RunID($0) })
            let few = try await engine.runs(.completed, of: "a", created: moments[2]..<moments[8], limit: 2)
            #expect(few.map(\.id) == [RunID("a7"), RunID("a6")])
            let more = try await engine.runs(.completed, of: "a", created: moments[2]..<moments[8], after: few.last)
            #expect(more.map(\.id) == (2...5).reversed().map { RunID("a\($0)") })
            #expect(try await engine.runs(.completed, of: "c").isEmpty)
        }
    }

    /// Two nodes that take half a minute each.
    private func slow() throws -> Graph<Order> {
        try Graph<Order>("slow") { g in
            let nodes = ["one", "two"].map { name in
                g.node(name) { order, context in
                    try await context.environment.sleep(for: .seconds(30))
                    order.notes.append(name)
                }
            }
            g.start(at: nodes[0])
            g.chain(nodes[0], nodes[1])
        }
    }

    @Test(arguments: [EngineOptions.Drain.handBack, .finish(within: .seconds(100)), .finish(within: .seconds(10))])
    func `an engine that stops finishes its runs or hands them back, as it was told`(_ drain: EngineOptions.Drain)
        throws
    {
        let graph = try slow()
        try Simulator(seed: 3).run(limit: .seconds(100_000)) { environment in
            let storage = MemoryStorage(environment: environment)
            var options = EngineOptions()
            options.drain = drain
            let engine = Engine(storage: storage, environment: environment, options: options)
            engine.register(graph)
            let run = RunID("slow")
            await withThrowingTaskGroup { group in
                group.addTask { try await engine.run() }
                _ = try? await engine.start(graph, from: Order(), id: run)
                try? await environment.sleep(for: .seconds(40))
                group.cancelAll()
            }
            let stopped = environment.now().wallTime
            let head = try await engine.status(of: run)
            if drain == .finish(within: .seconds(100)) {
                #expect(head?.status == .completed)
            } else {
                #expect(head?.status == .ready && head?.worker == nil)
            }
            let next = Engine(storage: storage, environment: environment)
            next.register(graph)
            let final = try await withThrowingTaskGroup { group in
                group.addTask { try await next.run() }
                defer { group.cancelAll() }
                return try await next.value(of: run, graph)
            }
            #expect(final.notes == ["one", "two"])
            // What was stored is not repeated.
            let rest = stopped.duration(to: environment.now().wallTime)
            #expect(rest <= .seconds(drain == .finish(within: .seconds(100)) ? 2 : 32), "\(rest)")
        }
    }
}
