import Apus
import ApusSQLite
import Foundation

extension Workload {
    /// Work that is put into a queue, started, executed and cleared away, on a disk that is waited for; beside as many commits of SQLite one
    /// after the other as a piece of work needs at least: one to put it there, one to start it, one to end it.
    static let queue = Workload("queue") {
        try await Disk.within { disk in
            let works = 20_000
            let storage = try await SQLiteStorage.open(at: disk.path("apus"))
            let graph = try Graph<Tally>("errand") { g in
                g.start(at: g.node("count") { state, _ in state.total += 1 })
            }
            var options = EngineOptions()
            options.durability = .onSuspend
            let engine = Engine(storage: storage, options: options)
            engine.register(graph)
            engine.host(WorkQueue("desk", limits: QueueLimits(concurrency: 200)))
            let clock = ContinuousClock()
            let (put, all) = try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await engine.run() }
                let began = clock.now
                try await withThrowingDiscardingTaskGroup { senders in
                    for lane in 0..<64 {
                        senders.addTask {
                            for _ in stride(from: lane, to: works, by: 64) {
                                let terms = WorkTerms(key: "tenant-\(lane % 10)")
                                try await engine.enqueue(graph, from: Tally(), in: "desk", terms)
                            }
                        }
                    }
                }
                let put = clock.now - began
                for part in ["waiting", "active"] {
                    let key = StorageKey("queue", "desk", part)
                    while try await !storage.scan(.below(key), limit: 1).isEmpty {
                        try await Task.sleep(for: .milliseconds(5))
                    }
                }
                let all = clock.now - began
                group.cancelAll()
                return (put, all)
            }
            await storage.close()
            let one = try RawSQLite.commitTime(at: disk.path("raw"))
            let each = { (time: Duration) in time / .microseconds(1) / Double(works) }
            return [
                Figure(workload: "queue-put", n: works, apus: each(put), raw: one, unit: "µs/work"),
                // A hundred thousand a minute.
                Figure(workload: "queue", n: works, apus: each(all), raw: one * 3, unit: "µs/work", bars: [.apus(600)]),
            ]
        }
    }
}
