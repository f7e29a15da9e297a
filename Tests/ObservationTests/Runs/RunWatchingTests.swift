import Apus
import ApusTesting
import Testing

@Suite struct RunWatchingTests {
    @Test func `metrics count runs, activations, models and tools`() throws {
        let (first, second) = (Watch(), Watch())
        try watchDesk(first, second)
        let (before, after) = (first.registry.snapshot, second.registry.snapshot)
        #expect(before.value("apus_runs_started") == 1 && before.value("apus_runs_continued") == nil)
        #expect(before.value("apus_runs_ended", where: ["outcome": "suspended"]) == 1)
        #expect(before.value("apus_model_calls", where: ["outcome": "ok"]) == 2)
        #expect(before.value("apus_tool_calls", where: ["tool": "count", "outcome": "ok"]) == 1)
        #expect(before.value("apus_activations_ended", where: ["node": "clerk/think", "outcome": "completed"]) == 2)
        #expect(before.value("apus_activations_ended", where: ["node": "clerk/act[]"]) == 1)
        #expect(before.value("apus_activations_ended", where: ["node": "ask", "outcome": "suspended"]) == 1)
        #expect(before.value("apus_questions") == 1)
        #expect(after.value("apus_runs_started") == nil && after.value("apus_runs_continued") == 1)
        #expect(after.value("apus_runs_ended", where: ["outcome": "completed"]) == 1)
        #expect(after.value("apus_retries", where: ["node": "sub/work"]) == 1)
        for snapshot in [before, after] {
            #expect(snapshot.value("apus_runs_in_flight") == 0)
            #expect(snapshot.value("apus_activations_in_flight") == 0)
        }
        #expect(before.value("apus_model_tokens") == Double(first.costs.total.tokens))
    }

    @Test func `log lines name run, node, attempt and trace, and hold no secret`() throws {
        let (first, second) = (Watch(), Watch())
        try watchDesk(first, second)
        let records = second.log.records
        #expect(records.first?.event == "run.continued" && records.last?.event == "run.completed")
        let retry = try #require(records.first { $0.event == "node.retrying" })
        #expect(retry.level == .warning && retry.attempt == 1 && retry.activation?.description == "sub/work")
        #expect(retry.error == "busy, password=[redacted]")
        let done = try #require(records.first { $0.event == "node.completed" && $0.activation?.node == "work" })
        #expect(done.attempt == 2 && done.duration == .seconds(1))
        let spans = second.spans.spans.map(\.context.span)
        #expect(records.compactMap(\.trace?.span).allSatisfy(spans.contains), "each line belongs to a span")
        #expect(
            first.log.records.contains { $0.event == "model.called" && $0.fields.contains(.init("agent", "clerk")) })
    }

    @Test func `tokens are known by run, node, agent and model`() throws {
        let watch = Watch()
        try watchDesk(watch, Watch())
        let total = watch.costs.total
        #expect(total.calls == 2 && total.tokens > 0)
        #expect(watch.costs.cost(of: RunID("desk-1")) == total)
        #expect(watch.costs.cost(ofNode: "clerk/think", in: "desk") == total)
        #expect(watch.costs.cost(ofAgent: "clerk") == total)
        #expect(watch.costs.report.models.map(\.cost) == [total])
    }

    @Test func `an observer sees every event of every run in its order, without a handle`() async throws {
        let graph = try Graph<Desk>("wide") { g in
            let (head, join) = (g.node("head") { _, _ in }, g.node("join") { _, _ in })
            let branches = (0..<8).map { number in
                g.node("b\(number)") { _, _ in await Task.yield() }
            }
            g.start(at: head)
            g.fork(from: head, to: branches)
            for branch in branches { g.edge(from: branch, to: join) }
        }
        let recorder = EventRecorder()
        let executor = GraphExecutor(observers: [recorder])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask { _ = try await executor.run(graph, from: Desk(), id: RunID("r\(number)")) }
            }
            try await group.waitForAll()
        }
        let runs = recorder.runs
        #expect(runs.count == 20)
        for events in runs.values {
            #expect(events.map(\.sequence) == Array(0..<UInt64(events.count)))
            #expect(events.first?.kind == .runStarted(graph: "wide") && events.last?.kind == .runCompleted)
            #expect(events.count == 22)
        }
    }

    @Test func `a run that fails or is cancelled tells its observers`() async throws {
        let graph = try Graph<Desk>("failing") { g in g.start(at: g.node("fail") { _, _ in throw Desk.Busy() }) }
        let recorder = EventRecorder()
        let run = GraphExecutor(observers: [recorder]).start(graph, from: Desk(), id: RunID("a"))
        _ = try? await run.value
        guard case .runFailed = recorder.runs[RunID("a")]?.last?.kind else {
            Issue.record("\(recorder.runs)")
            return
        }
    }
}

/// Keeps all events by run.
final class EventRecorder: Observer {
    private let state = Guarded<[RunID: [RunEvent]]>([:])

    var runs: [RunID: [RunEvent]] { state.withLock { $0 } }

    func watcher(of run: RunFacts) -> (any RunWatcher)? { Watcher(recorder: self, run: run.run) }

    private struct Watcher: RunWatcher {
        let recorder: EventRecorder
        let run: RunID
        mutating func observe(_ event: RunEvent) { recorder.state.withLock { $0[run, default: []].append(event) } }
    }
}
