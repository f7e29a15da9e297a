import Apus
import ApusTesting
import Testing

@Suite struct RunTimelineTests {
    @Test func `attempts of an activation stand in one lane with the wait between them`() throws {
        let timeline = RunTimeline(events: RunEvent.sample)
        let fetch = try #require(timeline.groups.first)
        #expect(fetch.path == ["fetch"])
        #expect(fetch.lanes.count == 1)
        let bars = try #require(fetch.lanes.first?.first?.bars)
        #expect(bars.map(\.attempt) == [1, 2])
        #expect(bars.map(\.start) == [.zero, .seconds(3)])
        #expect(bars.map(\.end) == [.seconds(1), .seconds(3.5)])
        #expect(bars.map(\.outcome) == [.waiting, .completed])
        #expect(bars.first?.error == "busy")
    }

    @Test func `nodes stand in the order of their first start`() {
        let timeline = RunTimeline(events: RunEvent.sample)
        #expect(timeline.groups.map(\.path) == [["fetch"], ["decide"], ["record"]])
        #expect(timeline.groups.map(\.lanes.count) == [1, 3, 1])
        #expect(timeline.graph == "overdue-orders")
        #expect(timeline.length == .seconds(6.5))
        #expect(timeline.status == .running)
    }

    @Test func `what has not ended reaches to the end of the run`() throws {
        let timeline = RunTimeline(events: RunEvent.sample.dropLast(3))
        let bars = timeline.groups.flatMap(\.lanes).flatMap(\.self).flatMap(\.bars)
        let running = bars.filter { $0.outcome == .running }
        #expect(running.map(\.activation.description) == ["decide", "decide[1]"])
        #expect(running.map(\.end) == [.seconds(5.5), .seconds(5.5)])
    }

    @Test func `nodes of a graph within a node follow that node`() {
        let (outer, inner) = (ActivationID.of("outer"), ActivationID.of("outer").then("inner"))
        let timeline = RunTimeline(
            events: RunEvent.sequence([
                (0, .started(outer, attempt: 1)), (1, .started(.of("other"), attempt: 1)),
                (2, .started(inner, attempt: 1)),
            ]))
        #expect(timeline.groups.map(\.path) == [["outer"], ["outer", "inner"], ["other"]])
        #expect(timeline.groups.map(\.depth) == [0, 1, 0])
    }

    @Test func `pauses are kept`() {
        let timeline = RunTimeline(
            events: RunEvent.sequence([
                (0, .runStarted(graph: "g")), (2, .runPaused), (5, .runResumed), (6, .runCompleted),
            ]))
        #expect(timeline.pauses == [.seconds(2)..<(.seconds(5))])
        #expect(timeline.status == .completed)
    }

    @Test func `a clock that jumps back stands still`() {
        var events = RunEvent.sequence([
            (5, .started(.of("a"), attempt: 1)), (1, .completed(.of("a"))), (7, .runCompleted),
        ])
        events[1].instant = .after(-50)
        let timeline = RunTimeline(events: events)
        #expect(timeline.groups.first?.lanes.first?.first?.bars.first?.length == .zero)
        #expect(timeline.length == .seconds(2))
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `no bar is lost, no lane overlaps, no limit is exceeded`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let events = Self.events(&random)
        let limit = Int.random(in: 1...80, using: &random)
        let starts = events.count { if case .started = $0.kind { true } else { false } }
        let all = RunTimeline(events: events, limit: .max)
        let some = RunTimeline(events: events, limit: limit)
        for timeline in [all, some] {
            for lane in timeline.groups.flatMap(\.lanes) {
                for (left, right) in zip(lane, lane.dropFirst()) { #expect(left.end <= right.start, "seed \(seed)") }
                for bar in lane.flatMap(\.bars) { #expect(bar.start <= bar.end && bar.end <= timeline.length) }
            }
        }
        func bars(_ timeline: RunTimeline) -> [RunTimeline.Bar] {
            timeline.groups.flatMap(\.lanes).flatMap(\.self).flatMap(\.bars)
        }
        #expect(bars(all).count == starts, "seed \(seed)")
        #expect(bars(some).count <= limit, "seed \(seed)")
        if some.hiddenNodes == 0 { #expect(bars(some).reduce(0) { $0 + $1.count } == starts, "seed \(seed)") }
        #expect(some.svg() == RunTimeline(events: events, limit: limit).svg())
    }

    @Test func `elements beyond the limit become one bar that says how many`() throws {
        var rows: [(Double, RunEvent.Kind)] = [(0, .started(.of("each"), attempt: 1))]
        for index in 0..<1000 {
            rows.append((0, .started(.of("each", at: index), attempt: 1)))
            let id = ActivationID.of("each", at: index)
            rows.append((1, index < 3 ? .failed(id, error: "no") : .completed(id)))
        }
        rows.append((2, .completed(.of("each"))))
        let timeline = RunTimeline(events: RunEvent.sequence(rows), limit: 100)
        let bars = timeline.groups.flatMap(\.lanes).flatMap(\.self).flatMap(\.bars)
        #expect(bars.map(\.count) == [1, 1000])
        #expect(bars.map(\.failures) == [0, 3])
        #expect(timeline.svg().contains("×1,000 · 1 s · 3 failed"))
    }

    /// A made-up run: activations of a few nodes, rounds and elements that start and end at random.
    private static func events(_ random: inout SeededGenerator) -> [RunEvent] {
        var rows: [(Double, RunEvent.Kind)] = [(0, .runStarted(graph: "made up"))]
        var open: [(id: ActivationID, attempt: Int)] = []
        var used: Set<ActivationID> = []
        var now = 0.0
        for _ in 0..<Int.random(in: 0..<300, using: &random) {
            now += Double(Int.random(in: 0..<3, using: &random)) * 0.25
            if open.isEmpty || Bool.random(using: &random) {
                let index = Bool.random(using: &random) ? Int.random(in: 0..<40, using: &random) : nil
                let round = Int.random(in: 0..<5, using: &random)
                let id = ActivationID.of("node \(Int.random(in: 0..<6, using: &random))", [round], at: index)
                guard used.insert(id).inserted else { continue }
                open.append((id, 1))
                rows.append((now, .started(id, attempt: 1)))
            } else {
                let (id, attempt) = open.remove(at: Int.random(in: 0..<open.count, using: &random))
                switch Int.random(in: 0..<5, using: &random) {
                case 0:
                    rows.append((now, .retrying(id, attempt: attempt, error: "x", delay: .seconds(1))))
                    now += 1
                    rows.append((now, .started(id, attempt: attempt + 1)))
                    open.append((id, attempt + 1))
                case 1: rows.append((now, .failed(id, error: "x")))
                default: rows.append((now, .completed(id)))
                }
            }
        }
        return RunEvent.sequence(rows)
    }
}
