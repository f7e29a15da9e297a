import Apus
import ApusTesting
import Testing

@Suite struct RunRecordingTests {
    /// Fetch is tried twice, two elements of decide overlap, notify is skipped, save runs in two rounds.
    private static let recording = record([
        .runStarted(graph: "g"), .started(id("fetch"), attempt: 1),
        .retrying(id("fetch"), attempt: 1, error: "busy", delay: .zero), .started(id("fetch"), attempt: 2),
        .completed(id("fetch")), .started(id("decide"), attempt: 1), .started(element(0), attempt: 1),
        .started(element(1), attempt: 1), .completed(element(1)), .failed(element(0), error: "lost"),
        .completed(id("decide")), .skipped(id("notify")), .started(round(0), attempt: 1), .completed(round(0)),
        .started(round(1), attempt: 1), .completed(round(1)), .runCompleted,
    ])

    @Test func `visits are counted by activation, attempts by start`() {
        let recording = Self.recording
        #expect((recording.visits(of: "fetch"), recording.attempts(of: "fetch")) == (1, 2))
        #expect((recording.visits(of: "save"), recording.visits(of: "decide")) == (2, 1))
        #expect(recording.visited("decide[1]") && recording.visited("save#1") && !recording.visited("save#2"))
        #expect(
            recording.visits.map(\.description) == ["fetch", "decide", "decide[0]", "decide[1]", "save#0", "save#1"])
    }

    @Test func `nodes inside a subgraph are named with their path`() {
        let inner = ActivationID([.init(node: "triage", iterations: [1]), .init(node: "fetch")])
        let recording = Self.record([.started(inner, attempt: 1)])
        #expect(recording.visited("triage/fetch") && recording.visited("triage#1/fetch"))
        #expect(!recording.visited("fetch") && !recording.visited("triage"))
    }

    @Test func `skipped means skipped and never started`() {
        #expect(Self.recording.skipped("notify"))
        #expect(!Self.recording.skipped("fetch") && !Self.recording.skipped("unknown"))
        let both = Self.record([.skipped(Self.round(0)), .started(Self.round(1), attempt: 1)])
        #expect(!both.skipped("save") && both.skipped("save#0"))
    }

    @Test func `order compares ends with starts`() {
        let recording = Self.recording
        #expect(recording.order(of: "fetch", before: "decide"))
        #expect(recording.order(of: "decide", before: "save"))
        #expect(recording.order(of: "save#0", before: "save#1"))
        #expect(!recording.order(of: "decide[0]", before: "decide[1]"))
        #expect(!recording.order(of: "decide[1]", before: "decide[0]"))
        #expect(!recording.order(of: "decide", before: "fetch"))
        #expect(!recording.order(of: "fetch", before: "notify"))
        #expect(
            !Self.record([.started(Self.id("a"), attempt: 1), .started(Self.id("b"), attempt: 1)]).order(
                of: "a", before: "b"))
    }

    @Test(arguments: [
        (RunEvent.Kind.runCompleted, RunRecording.Outcome.completed), (.runFailed("no"), .failed("no")),
        (.runCancelled, .cancelled), (.runPaused, .unfinished),
    ])
    func `the outcome is how the run ended`(_ last: RunEvent.Kind, _ outcome: RunRecording.Outcome) {
        #expect(Self.record([.runStarted(graph: "g"), last]).outcome == outcome)
    }

    @Test func `assertions that hold say nothing`() throws {
        try Self.recording.verify(
            .visited("fetch"), .visited("save", times: 2), .skipped("notify"), .order(of: "fetch", before: "save"),
            .failed("decide[0]"), .ended(.completed))
    }

    @Test func `assertions that do not hold say what is the case instead`() {
        let failures = Self.recording.failures(
            of: .visited("notify"), .visited("x"), .visited("save", times: 3), .skipped("fetch"),
            .order(of: "save", before: "fetch"), .order(of: "fetch", before: "notify"), .failed("fetch"),
            .ended(.cancelled))
        #expect(
            failures == [
                "notify is visited, but it was skipped", "x is visited, but it never started",
                "save is visited 3 times, but it started 2 times", "fetch is skipped, but it started once",
                "save comes before fetch, but fetch started before save had ended",
                "fetch comes before notify, but notify: it was skipped", "fetch fails, but it did not",
                "the run is cancelled, but it is completed",
            ])
    }

    @Test func `a failed verification tells the course of the run`() {
        #expect {
            try Self.recording.verify(.skipped("fetch"), .visited("save"))
        } throws: { error in
            "\(error)" == """
                fetch is skipped, but it started once
                the run: fetch, fetch again, decide, decide[2 elements], decide[0] failed (lost), notify skipped, save#0, \
                save#1, run completed
                """
        }
    }

    private static func record(_ kinds: [RunEvent.Kind]) -> RunRecording {
        RunRecording(
            kinds.enumerated().map { index, kind in
                let instant = Instant(uptime: .seconds(index), sinceEpoch: .zero)
                return RunEvent(sequence: UInt64(index), instant: instant, kind: kind)
            })
    }

    private static func id(_ node: String) -> ActivationID { ActivationID([.init(node: node)]) }
    private static func element(_ index: Int) -> ActivationID { ActivationID([.init(node: "decide", index: index)]) }
    private static func round(_ number: Int) -> ActivationID {
        ActivationID([.init(node: "save", iterations: [number])])
    }
}
