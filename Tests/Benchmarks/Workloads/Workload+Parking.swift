import Apus
import ApusSQLite
import Foundation

extension Workload {
    /// Runs that ask a question: put away, and taken up again by the answer; each from the first to the last of them.
    static let park = Workload("park") {
        try await Disk.within { disk in
            let runs = 10_000
            let storage = try await SQLiteStorage.open(at: disk.path("apus"))
            let graph = try approval()
            let engine = Engine(storage: storage)
            engine.register(graph)
            let clock = ContinuousClock()
            let figures = try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await engine.run() }
                let before = try Probe.residentBytes()
                let (empty, ids) = (try await size(of: storage), (0..<runs).map { RunID("order-\($0)") })
                let parking = try await clock.measure {
                    try await each(ids) { _ = try await engine.start(graph, from: Tally(), id: $0) }
                    try await wait(until: ["ready", "running"], storage)
                }
                let memory = max(0, try Probe.residentBytes() - before) / Double(runs)
                let state = try JSONEncoder().encode(Tally()).count
                let stored = Double(try await size(of: storage) - empty) / Double(runs) - Double(state)
                let resuming = try await clock.measure {
                    try await each(ids) { try await engine.answer($0, "ask?how", with: 1) }
                    try await wait(until: ["ready", "running", "waiting"], storage)
                }
                group.cancelAll()
                return [
                    figure("park", runs, parking / .microseconds(1) / Double(runs), "µs/run", [.apus(300)]),
                    figure("resume", runs, resuming / .microseconds(1) / Double(runs), "µs/run", [.apus(300)]),
                    figure("park-stored", runs, stored, "bytes/run", [.apus(500)]),
                    figure("park-memory", runs, memory, "bytes/run", []),
                ]
            }
            await storage.close()
            return figures
        }
    }

    /// From the start of an engine to the first step of any of many open runs.
    static let firstResumed = Workload("first-resumed") {
        try await Disk.within { disk in
            let runs = 10_000
            let storage = try await SQLiteStorage.open(at: disk.path("apus"))
            let begun = StepTimes()
            let graph = try Graph<Tally>("open") { g in
                let work = g.node("work") { state, _ in begun.note() }
                g.start(at: work)
            }
            let starter = Engine(storage: storage)
            try await each((0..<runs).map { RunID("order-\($0)") }) {
                _ = try await starter.start(graph, from: Tally(), id: $0)
            }
            let clock = ContinuousClock()
            let started = clock.now
            let engine = Engine(storage: storage)
            engine.register(graph)
            let first = try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await engine.run() }
                while begun.first == nil { try await Task.sleep(for: .milliseconds(1)) }
                group.cancelAll()
                return begun.first ?? started
            }
            await storage.close()
            return [figure("first-resumed", runs, (first - started) / .milliseconds(1), "ms", [.apus(1_000)])]
        }
    }

    private static func figure(_ name: String, _ n: Int, _ value: Double, _ unit: String, _ bars: [Figure.Bar])
        -> Figure
    {
        Figure(workload: name, n: n, apus: value, raw: value, unit: unit, bars: bars)
    }

    private static func approval() throws -> Graph<Tally> {
        try Graph<Tally>("approval") { g in
            let ask = g.node("ask") { state, context in
                state.total += try await context.ask(Question<Int>("how", "How many?"))
            }
            g.start(at: ask)
        }
    }

    /// Calls `body` for all, 64 at a time.
    private static func each(_ ids: [RunID], _ body: @escaping @Sendable (RunID) async throws -> Void) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for lane in 0..<64 {
                group.addTask {
                    for position in stride(from: lane, to: ids.count, by: 64) { try await body(ids[position]) }
                }
            }
        }
    }

    /// Returns when no run has any of these statuses.
    private static func wait(until statuses: [String], _ storage: some Storage) async throws {
        for status in statuses {
            while try await !storage.scan(.below(StorageKey("index", status)), limit: 1).isEmpty {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    private static func size(of storage: some Storage) async throws -> Int {
        var (bytes, range) = (0, StorageRange.all)
        while true {
            let entries = try await storage.scan(range, limit: 1_000)
            for entry in entries { bytes += entry.key.bytes.count + entry.value.count }
            guard let last = entries.last, entries.count == 1_000 else { return bytes }
            range = range.after(last.key)
        }
    }
}

extension StepTimes {
    var first: ContinuousClock.Instant? { all.first }
}
