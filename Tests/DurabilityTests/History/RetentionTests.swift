import Apus
import ApusTesting
import Testing

@Suite struct RetentionTests {
    let outside = Outside()
    let undone = Notebook()
    let run = RunID("round")

    /// Goes round so often that several snapshots are worth their bytes, then waits for a signal and ends.
    private func rounds(_ count: Int = 200) throws -> Graph<Sale> {
        let (outside, undone) = (outside, undone)
        return try Graph<Sale>("rounds") { g in
            let giveBack = g.compensation("give back", of: Int.self) { number, _ in undone.add("\(number)") }
            let turn = g.node("turn") { sale, context in
                let number = try await context.step("take") { try outside.call("take") }
                if number % 50 == 1 { try await context.compensate(giveBack, with: number) }
                sale.total += 1
                sale.note = String(repeating: "\(number % 10)", count: 2_000)
            }
            let wait = g.node("wait") { sale, context in
                sale.log.append(try await context.signal(named: "go", as: String.self))
            }
            g.start(at: turn)
            g.route(from: turn, to: [turn, wait]) { $0.total < count ? turn : wait }
        }
    }

    /// A run that went round and waits.
    private func waiting(
        _ history: Retention.History, _ graph: Graph<Sale>, _ storage: MemoryStorage
    ) async throws -> Engine {
        var options = EngineOptions()
        options.retention.history = history
        let engine = Engine(storage: storage, options: options)
        engine.register(graph)
        try await engine.start(graph, from: Sale(), id: run)
        try await hosted(engine) {
            while try await engine.status(of: run)?.status != .waiting { await Task.yield() }
        }
        return engine
    }

    private func hosted(_ engine: Engine, _ body: @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await engine.run() }
            try await body()
            group.cancelAll()
        }
    }

    private func finished(_ engine: Engine, _ graph: Graph<Sale>) async throws -> Sale {
        try await engine.signal(run, "go", "went")
        try await hosted(engine) { _ = try await engine.outcome(of: run) }
        return try await engine.value(of: run, graph)
    }

    @Test func `what a snapshot says is dropped, and the run goes on the same`() async throws {
        let graph = try rounds()
        let (whole, cut) = (MemoryStorage(), MemoryStorage())
        let first = try await finished(try await waiting(.whole, graph, whole), graph)
        let engine = try await waiting(.sinceSnapshot, graph, cut)
        let history = try await engine.history(of: run, graph)
        #expect(history.points.count < 250 && (history.points.first?.number ?? 0) > 250)
        #expect(history.points.first?.event == .snapshotTaken && history.damage == nil)
        #expect(zip(history.points, history.points.dropFirst()).allSatisfy { $0.number + 1 == $1.number })
        let second = try await finished(engine, graph)
        #expect((second.total, second.note, second.log) == (first.total, first.note, first.log))
        #expect(try await size(of: cut) * 3 < size(of: whole))
        #expect(outside.performed.count("take") == 400)
    }

    private func size(of storage: MemoryStorage) async throws -> Int {
        try await storage.scan(.all, limit: 10_000).reduce(0) { $0 + $1.value.count }
    }

    @Test func `a history without its beginning can be inspected, forked, exported and undone`() async throws {
        let graph = try rounds()
        let engine = try await waiting(.sinceSnapshot, graph, MemoryStorage())
        let history = try await engine.history(of: run, graph)
        let states = try history.points.map { try $0.state.total }
        #expect(states == states.sorted() && states.last == 200)
        let point = try #require(history.points.first { (try? $0.isEditable) == true }).number
        try await engine.fork(run, graph, at: point, id: RunID("fork")) { $0.total = 199 }
        try await engine.signal(RunID("fork"), "go", "forked")
        try await hosted(engine) { _ = try await engine.outcome(of: RunID("fork")) }
        #expect(try await engine.value(of: RunID("fork"), graph).total == 200)
        #expect(try await engine.undo(RunID("fork"), graph, preview: true).steps.map(\.value) == ["201"])
        let capsule = try RunCapsule(json: try await engine.export(run, graph).json)
        let report = try await capsule.replay(on: graph)
        #expect(report.differences.isEmpty && report.failure == nil)
        await #expect(throws: HistoryError(.noSuchPoint, run: run, point: 3, nearest: [history.points[0].number])) {
            try await engine.fork(run, graph, at: 3)
        }
        try await engine.undo(run, graph)
        try await hosted(engine) { _ = try await engine.outcome(of: run) }
        #expect(undone.lines == ["151", "101", "51", "1"])
    }

    @Test func `runs are removed when they have been over for long enough, whatever became of them`() throws {
        let simulator = Simulator(seed: 1)
        try simulator.run(limit: .seconds(100_000)) { environment in
            let storage = MemoryStorage(environment: environment)
            var options = EngineOptions()
            options.retention.ended = .seconds(3_600)
            let engine = Engine(storage: storage, environment: environment, options: options)
            let graph = try Graph<Sale>("short") { g in
                let only = g.node("only") { sale, context in
                    if sale.note == "waits" { sale.log.append(try await context.signal(named: "never")) }
                    if sale.note == "fails" { throw Outside.Refused(name: "only") }
                }
                g.start(at: only)
            }
            engine.register(graph)
            try await withThrowingTaskGroup { group in
                group.addTask { try await engine.run() }
                for note in ["ends", "fails", "waits"] {
                    var sale = Sale()
                    sale.note = note
                    try await engine.start(graph, from: sale, id: RunID(note))
                }
                try await environment.sleep(for: .seconds(3_000))
                #expect(try await engine.status(of: RunID("ends"))?.status == .completed)
                #expect(try await engine.status(of: RunID("fails"))?.status == .failed)
                try await environment.sleep(for: .seconds(2_000))
                #expect(try await engine.status(of: RunID("ends")) == nil)
                #expect(try await engine.status(of: RunID("fails")) == nil)
                #expect(try await engine.status(of: RunID("waits"))?.status == .waiting)
                let left = try await storage.scan(.all, limit: 100).map(\.key.parts)
                #expect(left.allSatisfy { !$0.contains("ends") && !$0.contains("fails") }, "\(left)")
                group.cancelAll()
            }
        }
    }

    @Test func `only a run that has ended can be removed`() async throws {
        let graph = try rounds(3)
        let engine = try await waiting(.whole, graph, MemoryStorage())
        await #expect(throws: JournalError(.notFree, run: run)) { try await engine.remove(run) }
        _ = try await finished(engine, graph)
        #expect(try await engine.remove(run))
        #expect(try await engine.remove(run) == false)
        await #expect(throws: JournalError(.unknownRun, run: run)) { try await engine.history(of: run, graph) }
    }
}
