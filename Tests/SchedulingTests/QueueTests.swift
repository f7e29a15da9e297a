import Apus
import ApusTesting
import AsideKit
import Testing

@Suite(.aside) struct QueueTests {
    @Test func `work is started, and runs to its end`() throws {
        try serving(WorkQueue("desk")) { engine, graph in
            let run = try await engine.enqueue(graph, from: Errand(name: "one"), in: "desk")
            try await engine.settled([run])
            #expect(try await engine.value(of: run, graph).isDone)
            #expect(try await engine.queued(in: "desk").isEmpty)
        }
    }

    @Test func `higher priorities are first, and keys take turns`() throws {
        let diary = Diary()
        try serving(WorkQueue("desk", limits: QueueLimits(concurrency: 1)), diary: diary) { engine, graph in
            var runs: [RunID] = []
            for (name, key, priority) in [
                ("first", "x", 0), ("low", "x", 0), ("high", "x", 2), ("other", "y", 0), ("late", "y", 0),
            ] {
                runs.append(
                    try await engine.enqueue(
                        graph, from: Errand(name: name), in: "desk", WorkTerms(key: key, priority: priority)))
                if name == "first" { try await engine.environment.sleep(for: .milliseconds(100)) }
            }
            try await engine.settled(runs)
        }
        let order = diary.texts.filter { $0.hasPrefix("begin") }.map { String($0.dropFirst(6)) }
        #expect(
            order == ["first", "other", "high", "late", "low"] || order == ["first", "high", "other", "low", "late"])
    }

    @Test func `no more is under way than the limits say`() throws {
        let diary = Diary()
        let limits = QueueLimits(concurrency: 4, concurrencyPerKey: 2, starts: [.inAll(5, per: .seconds(10))])
        try serving(WorkQueue("desk", limits: limits), diary: diary) { engine, graph in
            var runs: [RunID] = []
            for number in 0..<20 {
                runs.append(
                    try await engine.enqueue(
                        graph, from: Errand(name: "\(number)"), in: "desk",
                        WorkTerms(key: number < 15 ? "busy" : "quiet")))
            }
            try await engine.settled(runs)
        }
        #expect(diary.mostAtOnce == 4)
        let starts = diary.entries.filter { $0.text.hasPrefix("begin") }.map(\.moment)
        for (early, late) in zip(starts, starts.dropFirst(5)) { #expect(late - early >= .milliseconds(9_990)) }
    }

    @Test func `delayed work waits, and what expires becomes a dead letter that can be sent again`() throws {
        let diary = Diary()
        try serving(WorkQueue("desk", limits: QueueLimits(concurrency: 1)), diary: diary) { engine, graph in
            let delayed = try await engine.enqueue(
                graph, from: Errand(name: "delayed"), in: "desk", WorkTerms(delay: .seconds(60)))
            let long = try await engine.enqueue(graph, from: Errand(name: "long", seconds: 30), in: "desk")
            try await engine.environment.sleep(for: .seconds(1))
            let hasty = try await engine.enqueue(
                graph, from: Errand(name: "hasty"), in: "desk", WorkTerms(expiry: .seconds(5)))
            try await engine.settled([delayed, long])
            let letters = try await engine.deadLetters(of: "desk")
            #expect(letters.map(\.work.id) == [hasty])
            #expect(letters.first?.reason.contains("expired") == true)
            try await engine.redeliver(hasty, of: "desk")
            try await engine.settled([hasty])
            #expect(try await engine.deadLetters(of: "desk").isEmpty)
        }
        let begun = diary.moment(of: "begin delayed") ?? .zero
        #expect(begun >= (diary.moment(of: "begin long") ?? .zero) + .seconds(59))
        #expect(diary.texts.contains("end hasty"))
    }

    @Test func `a failed run goes on as the strategy says, and is a dead letter in the end`() throws {
        let diary = Diary()
        let strategy = AgeingStrategy(retry: .constant(attempts: 3, delay: .seconds(10)))
        try serving(WorkQueue("desk", strategy: strategy), diary: diary) { engine, graph in
            let unlucky = try await engine.enqueue(graph, from: Errand(name: "unlucky", failures: 2), in: "desk")
            let hopeless = try await engine.enqueue(graph, from: Errand(name: "hopeless", failures: 3), in: "desk")
            while try await engine.deadLetters(of: "desk").isEmpty {
                try await engine.environment.sleep(for: .seconds(1))
            }
            try await engine.environment.sleep(for: .seconds(60))
            #expect(try await engine.status(of: unlucky)?.status == .completed)
            #expect(try await engine.deadLetters(of: "desk").map(\.work.id) == [hopeless])
            try await engine.redeliver(hopeless, of: "desk")
            while diary.texts.contains("end hopeless") == false {
                try await engine.environment.sleep(for: .seconds(1))
            }
        }
        #expect(diary.texts.count { $0 == "begin unlucky" } == 3)
        #expect(diary.texts.count { $0 == "begin hopeless" } == 4)
    }

    @Test func `of a singleton there is one, and a debounced one waits for the last`() throws {
        let diary = Diary()
        try serving(WorkQueue("desk"), diary: diary) { engine, graph in
            let report = WorkTerms(singleton: .keep("report"))
            let first = try await engine.enqueue(graph, from: Errand(name: "report 1"), in: "desk", report)
            let second = try await engine.enqueue(graph, from: Errand(name: "report 2"), in: "desk", report)
            #expect(first == second)
            var typed: [RunID] = []
            for number in 1...4 {
                typed.append(
                    try await engine.enqueue(
                        graph, from: Errand(name: "text \(number)"), in: "desk",
                        WorkTerms(delay: .seconds(5), singleton: .debounce("text", atMost: .seconds(60)))))
                try await engine.environment.sleep(for: .seconds(2))
            }
            try await engine.settled([first, typed[3]])
            // It has ended, so the next one is another.
            try await engine.environment.sleep(for: .seconds(2))
            let third = try await engine.enqueue(graph, from: Errand(name: "report 3"), in: "desk", report)
            #expect(third != first)
            try await engine.settled([third])
        }
        let begun = diary.texts.filter { $0.hasPrefix("begin") }
        #expect(begun == ["begin report 1", "begin text 4", "begin report 3"])
    }

    @Test func `on the machine's own clock many send at once, and wait for how it ends`() async throws {
        let diary = Diary()
        var options = EngineOptions()
        options.pools = [ExecutorPool("all", executors: 1...4, width: 4)]
        let engine = Engine(storage: .memory, options: options)
        let graph = try errands(diary)
        engine.register(graph)
        engine.host(WorkQueue("desk", limits: QueueLimits(concurrency: 12, concurrencyPerKey: 5)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run() }
            try await withThrowingTaskGroup(of: Void.self) { senders in
                for sender in 0..<8 {
                    senders.addTask {
                        for number in 0..<15 {
                            let errand = Errand(name: "\(sender).\(number)", seconds: 0.001)
                            let terms = WorkTerms(key: "\(sender % 3)")
                            let run = try await engine.enqueue(graph, from: errand, in: "desk", terms)
                            #expect(try await engine.outcome(of: run, from: "desk").status == .completed)
                        }
                    }
                }
                try await senders.waitForAll()
            }
            let bad = try await engine.enqueue(graph, from: Errand(name: "bad", seconds: 0, failures: 9), in: "desk")
            await #expect(throws: QueueError(.gaveUp, queue: "desk", run: bad)) {
                try await engine.outcome(of: bad, from: "desk")
            }
            group.cancelAll()
        }
        #expect(diary.mostAtOnce <= 12)
        #expect(diary.texts.count { $0.hasPrefix("end") } == 120)
    }

    @Test func `what belongs together is done in one run, when there is enough of it or the time is up`() throws {
        let diary = Diary()
        try serving(WorkQueue("desk"), diary: diary) { engine, graph in
            var runs: [RunID] = []
            for number in 1...5 {
                let element = Errand(name: "batch", elements: ["\(number)"])
                runs.append(
                    try await engine.enqueue(
                        graph, from: element, in: "desk", joining: WorkBatch("mail", limit: 3, within: .seconds(10)),
                        by: { $0.elements += $1.elements }))
            }
            #expect(Set(runs[0..<3]).count == 1 && runs[3] == runs[4] && runs[3] != runs[0])
            try await engine.settled([runs[0]])
            #expect(try await engine.value(of: runs[0], graph).elements == ["1", "2", "3"])
            #expect(try await engine.status(of: runs[3]) == nil, "it waits for more")
            try await engine.settled([runs[3]])
            #expect(try await engine.value(of: runs[3], graph).elements == ["4", "5"])
        }
    }

    @Test func `many who add to one batch at once all have a part in it`() throws {
        try serving(WorkQueue("desk")) { engine, graph in
            let runs = try await withThrowingTaskGroup(of: RunID.self) { group in
                for number in 0..<20 {
                    group.addTask(executorPreference: engine.environment.executor) {
                        try await engine.enqueue(
                            graph, from: Errand(elements: ["\(number)"]), in: "desk",
                            joining: WorkBatch("mail", limit: 7, within: .seconds(10)),
                            by: { $0.elements += $1.elements })
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let batches = Set(runs)
            #expect(batches.count == 3)
            try await engine.settled(batches.sorted { $0.value < $1.value })
            var elements: [String] = []
            for run in batches { elements += try await engine.value(of: run, graph).elements }
            #expect(Set(elements).count == 20 && elements.count == 20)
        }
    }

    @Test func `the same work under the same id is one, other work is refused`() throws {
        try serving(WorkQueue("desk")) { engine, graph in
            let id = RunID("order-17")
            for _ in 0..<2 { try await engine.enqueue(graph, from: Errand(name: "a"), in: "desk", id: id) }
            await #expect(throws: QueueError(.otherWork, queue: "desk", run: id)) {
                try await engine.enqueue(
                    graph, from: Errand(name: "b"), in: "desk", WorkTerms(delay: .seconds(9)), id: id)
            }
            try await engine.settled([id])
            try await engine.enqueue(graph, from: Errand(name: "a"), in: "desk", id: id)
            #expect(try await engine.queued(in: "desk").isEmpty)
        }
    }

    @Test func `work that is taken out is not started, and a full queue refuses`() throws {
        let diary = Diary()
        let limits = QueueLimits(concurrency: 1, waiting: 2)
        try serving(WorkQueue("desk", limits: limits), diary: diary) { engine, graph in
            let first = try await engine.enqueue(graph, from: Errand(name: "first", seconds: 5), in: "desk")
            try await engine.environment.sleep(for: .seconds(1))
            let second = try await engine.enqueue(graph, from: Errand(name: "second"), in: "desk")
            let third = try await engine.enqueue(graph, from: Errand(name: "third"), in: "desk")
            await #expect(throws: QueueError.self) {
                try await engine.enqueue(graph, from: Errand(name: "fourth"), in: "desk")
            }
            #expect(try await engine.dequeue(second, from: "desk"))
            #expect(try await !engine.dequeue(second, from: "desk"))
            try await engine.settled([first, third])
        }
        #expect(!diary.texts.contains("begin second"))
    }

    @Test func `work of an unknown graph, and damaged work, become dead letters and hold nobody up`() throws {
        try serving(WorkQueue("desk", limits: QueueLimits(concurrency: 1))) { engine, graph in
            let stranger = try Graph<Errand>("stranger") { g in g.start(at: g.node("n") { _, _ in }) }
            let unknown = try await engine.enqueue(stranger, from: Errand(), in: "desk")
            let key = StorageKey("queue", "desk", "waiting", RunID("broken"))
            try await engine.storage.put(Array("nonsense".utf8), at: key)
            try await engine.storage.put([], at: StorageKey("queue", "desk", "new", RunID("broken")))
            let good = try await engine.enqueue(graph, from: Errand(name: "good"), in: "desk")
            try await engine.settled([good])
            try await engine.environment.sleep(for: .seconds(3))
            let letters = try await engine.deadLetters(of: "desk")
            #expect(Set(letters.map(\.work.id)) == [unknown, RunID("broken")])
        }
    }

    @Test func `another strategy orders the work of a key by its deadline`() throws {
        let diary = Diary()
        let queue = WorkQueue("desk", limits: QueueLimits(concurrency: 1), strategy: EarliestDeadline())
        try serving(queue, diary: diary) { engine, graph in
            var runs: [RunID] = []
            for (name, expiry) in [("now", nil), ("far", 900), ("near", 60), ("middle", 300)] as [(String, Int?)] {
                runs.append(
                    try await engine.enqueue(
                        graph, from: Errand(name: name), in: "desk", WorkTerms(expiry: expiry.map { .seconds($0) })))
                if name == "now" { try await engine.environment.sleep(for: .milliseconds(100)) }
            }
            try await engine.settled(runs)
        }
        let begun = diary.texts.filter { $0.hasPrefix("begin") }
        #expect(begun == ["begin now", "begin near", "begin middle", "begin far"])
    }
}

/// The work that expires first is started first.
struct EarliestDeadline: Strategy {
    func place(of work: QueuedWork) -> Double { Double(work.expires?.milliseconds ?? .max) }
}
