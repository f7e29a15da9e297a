import Apus
import ApusTesting
import Testing

@Suite struct CapsuleTests {
    let storage = MemoryStorage()
    let outside = Outside()
    var engine: Engine { Engine(storage: storage) }
    var executor: GraphExecutor { GraphExecutor(storage: storage) }
    let run = RunID("one")

    @Test func `a replay runs the nodes again and performs no effect`() async throws {
        let graph = try Sale.graph(outside, refusals: 1)
        _ = try? await executor.run(graph, from: Sale(), id: run)
        try await engine.retry(run)
        let final = try await executor.resume(graph, id: run)
        let capsule = try RunCapsule(json: try await engine.export(run, graph).json)
        let calls = outside.performed.count("charge")
        let report = try await capsule.replay(on: graph)
        #expect(report.differences == [])
        #expect(report.state == final)
        #expect(outside.performed.count("charge") == calls)
        #expect(outside.performed.count("take ink") == 1)
    }

    @Test func `code that does something else is found out, with the activation`() async throws {
        _ = try await executor.run(try Sale.graph(), from: Sale(), id: run)
        let capsule = try await engine.export(run, try Sale.graph())
        let changed = try Graph<Sale>("sale") { g in
            let open = g.node("open") { sale, context in
                let number = try await context.step("number") { 0 }
                sale.note = "Order \(number)"
            }
            let pack = g.node("pack") { sale, context in
                sale.log += sale.items.map { "packed \($0)" }
            }
            let bill = g.node("bill") { sale, context in
                sale.total += try await context.step("collect") { 0 }
                sale.log.append("billed")
            }
            let ship = g.node("ship") { _, _ in }
            g.start(at: open)
            g.fork(from: open, to: pack, bill)
            g.chain(pack, ship)
            g.chain(bill, ship)
        }
        let report = try await capsule.replay(on: changed)
        #expect(report.differences.first == ReplayDifference("bill", .effectUnknown("collect")))
        let kinds = Dictionary(grouping: report.differences, by: \.activation)
        let recorded = #"{"note":{"=":"order 1"}}"#
        #expect(kinds["open"]?.map(\.kind) == [.change(recorded: recorded, replayed: #"{"note":{"=":"Order 1"}}"#)])
        #expect(kinds["pack"] == nil)
        #expect(kinds["ship"]?.map(\.kind) == [.missing])
        #expect(report.failure?.contains("\"collect\" is not in the capsule") == true)
    }

    @Test func `another way is a difference`() async throws {
        func graph(_ limit: Int) throws -> Graph<Sale> {
            try Graph<Sale>("route") { g in
                let add = g.node("add") { sale, _ in sale.total += 1 }
                let end = g.node("end") { sale, _ in sale.note = "end" }
                g.start(at: add)
                g.route(from: add, to: [add, end]) { $0.total < limit ? add : end }
            }
        }
        _ = try await executor.run(try graph(2), from: Sale(), id: run)
        let report = try await engine.export(run, try graph(2)).replay(on: try graph(3))
        #expect(
            report.differences == [
                ReplayDifference("add#1", .exit(recorded: [1], replayed: [0])), ReplayDifference("add#2", .surplus),
            ])
    }

    @Test func `answers, signals and sleeps come from the capsule`() async throws {
        let graph = try Sale.waiting()
        let started = executor.start(graph, from: Sale(), id: run)
        while started.questions.isEmpty { await Task.yield() }
        let early = try await engine.export(run, graph)
        try await started.answer("ask?who", with: "Ada")
        try await started.signal("paid", 7)
        let final = try await started.value
        let report = try await engine.export(run, graph).replay(on: graph)
        #expect(report.state == final)
        #expect(report.differences == [])
        let parked = try await early.replay(on: graph)
        #expect(parked.state == nil)
        #expect(parked.failure == nil)
        #expect(parked.differences == [])
    }

    @Test func `the winner of a race comes from the capsule`() async throws {
        let graph = try Graph<Sale>("race") { g in
            let first = g.race(
                "first",
                [
                    Branch("slow") { sale, context in
                        try await context.environment.sleep(for: .seconds(9))
                        sale.note = "slow"
                    },
                    Branch("quick") { sale, context in
                        sale.note = try await context.step("who") { "quick" }
                    },
                ])
            g.start(at: first)
        }
        let (storage, run) = (storage, run)
        let final = try Simulator(seed: 7).run { environment in
            try await GraphExecutor(environment: environment, storage: storage).run(graph, from: Sale(), id: run)
        }
        #expect(final.note == "quick")
        let report = try await engine.export(run, graph).replay(on: graph)
        #expect(report.state == final)
        #expect(report.differences == [])
    }

    @Test(arguments: [true, false])
    func `a timeout of the run is one of the replay`(inEffect: Bool) async throws {
        let graph = try Graph<Sale>("late") { g in
            let wait = g.node("wait") { sale, context in
                guard inEffect else { return try await context.environment.sleep(for: .seconds(60)) }
                sale.note = try await context.step("call") { () async throws -> String in
                    try await context.environment.sleep(for: .seconds(60))
                    return "done"
                }
            }
            wait.timeout(.milliseconds(1))
            g.start(at: wait)
        }
        _ = try? await executor.run(graph, from: Sale(), id: run)
        #expect(try await engine.status(of: run)?.status == .failed)
        let report = try await engine.export(run, graph).replay(on: graph)
        #expect(report.differences == [])
        #expect(report.failure != nil)
    }

    @Test func `a fork is replayed from where it began`() async throws {
        let graph = try Sale.graph(outside)
        _ = try await executor.run(graph, from: Sale(), id: run)
        let points = try await engine.history(of: run, graph).points
        let point = try #require(points.first { $0.activation == "open" && $0.event.isCompletion }).number
        let fork = try await engine.fork(run, graph, at: point) { $0.items = ["one"] }
        let final = try await executor.resume(graph, id: fork)
        let report = try await engine.export(fork, graph).replay(on: graph)
        #expect(report.state == final)
        #expect(report.differences == [])
    }

    @Test func `a capsule that was changed or cut is refused`() async throws {
        let graph = try Sale.graph()
        _ = try await executor.run(graph, from: Sale(), id: run)
        let json = try await engine.export(run, graph).json
        let text = String(decoding: json, as: UTF8.self)
        let changed = text.replacingOccurrences("order 1", with: "order 2")
        #expect(changed != text)
        #expect(throws: JournalError(.damaged, run: run)) { try RunCapsule(json: changed.utf8) }
        let format = text.replacingOccurrences("\"format\":1", with: "\"format\":2")
        #expect(throws: JournalError(.unreadable, run: run)) { try RunCapsule(json: format.utf8) }
        #expect(throws: JournalError(.unreadable, run: RunID(""))) { try RunCapsule(json: Array("{}".utf8)) }
        #expect(try RunCapsule(json: json).effects.count == 5)
    }
}

extension String {
    func replacingOccurrences(_ part: String, with other: String) -> String {
        split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
    }
}
