import Apus
import Testing

@Suite struct RunOverlayTests {
    @Test func `attempts and waits are told apart`() throws {
        let fetch = try #require(RunOverlay.sample["fetch"])
        #expect(fetch.runs.count == 1)
        #expect(fetch.runs.total == .seconds(1.5))
        #expect(fetch.runs.longest == .seconds(1))
        #expect(fetch.retries == 1)
        #expect(fetch.failures == 0)
        #expect(fetch.status == .completed)
    }

    @Test func `elements are counted apart from their composite`() throws {
        let decide = try #require(RunOverlay.sample["decide"])
        #expect(decide.runs.count == 1)
        #expect(decide.elements.count == 2)
        #expect(decide.elements.total == .seconds(4.5))
        #expect(decide.failures == 1)
        #expect(decide.status == .completed)
    }

    @Test func `what has not ended is running or waiting`() {
        var overlay = RunOverlay.sample
        #expect(overlay["record"]?.status == .running)
        #expect(overlay.status == .running)
        let retry = RunEvent.Kind.retrying(.of("record"), attempt: 1, error: "busy", delay: .seconds(1))
        overlay.record(RunEvent(sequence: 14, instant: .after(7), kind: retry))
        #expect(overlay["record"]?.status == .waiting)
        #expect(overlay["never"] == nil)
    }

    @Test func `rounds add up, and a later skip does not hide that a node ran`() {
        let overlay = RunOverlay(
            events: RunEvent.sequence([
                (0, .started(.of("a", [0]), attempt: 1)), (1, .completed(.of("a", [0]))),
                (2, .started(.of("a", [1]), attempt: 1)), (5, .completed(.of("a", [1]))),
                (6, .skipped(.of("a", [2]))),
            ]))
        let record = overlay["a"]
        #expect(record?.runs.count == 2)
        #expect(record?.runs.total == .seconds(4))
        #expect(record?.runs.longest == .seconds(3))
        #expect(record?.skipped == 1)
        #expect(record?.status == .completed)
        #expect(overlay.summary(of: ["a"]) == "×2 · 4 s")
    }

    @Test(arguments: [
        (RunEvent.Kind.failed(.of("a"), error: "x"), RunOverlay.Status.failed, "2 s · failed"),
        (.passedOver(.of("a"), error: "x"), .passedOver, "2 s · passed over"),
        (.cancelled(.of("a")), .cancelled, "2 s · cancelled"),
    ])
    func `every way to end has its status`(_ kind: RunEvent.Kind, _ status: RunOverlay.Status, _ words: String) {
        let overlay = RunOverlay(events: RunEvent.sequence([(0, .started(.of("a"), attempt: 1)), (2, kind)]))
        #expect(overlay["a"]?.status == status)
        #expect(overlay.summary(of: ["a"]) == words)
    }

    @Test func `nodes within nodes have paths`() {
        let inner = ActivationID.of("triage", at: 3).then("fetch")
        let overlay = RunOverlay(events: RunEvent.sequence([(0, .started(inner, attempt: 1)), (1, .completed(inner))]))
        #expect(overlay["triage", "fetch"]?.runs.count == 1)
        #expect(overlay["triage"] == nil)
    }

    @Test func `the run has a name and a status`() {
        var overlay = RunOverlay(graph: "mine", events: RunEvent.sample)
        #expect(overlay.graph == "mine")
        #expect(RunOverlay.sample.graph == "overdue-orders")
        for (kind, status) in [
            (RunEvent.Kind.runPaused, RunOverlay.Status.paused), (.runResumed, .running), (.runFailed("x"), .failed),
        ] {
            overlay.record(RunEvent(sequence: 0, instant: .after(9), kind: kind))
            #expect(overlay.status == status)
        }
    }

    @Test func `recording one by one and all at once is the same`() {
        var overlay = RunOverlay()
        for event in RunEvent.sample { overlay.record(event) }
        #expect(overlay == .sample)
    }
}
