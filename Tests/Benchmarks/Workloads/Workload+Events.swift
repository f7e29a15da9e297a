import Apus
import ApusSQLite
import Synchronization

extension Workload {
    /// Events of ten keys that many publish and one subscription handles, on a disk that is waited for; beside as many commits of SQLite,
    /// one after the other.
    static let events = Workload("events") {
        try await Disk.within { disk in
            let (count, publishers) = (20_000, 64)
            let storage = try await SQLiteStorage.open(at: disk.path("apus"))
            let bus = EventBus(storage: storage)
            let handled = Tried()
            let subscription = EventSubscription("count", to: Happened.self) { _, _ in handled.add() }
            let clock = ContinuousClock()
            let (published, all) = try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await bus.run([subscription]) }
                let began = clock.now
                try await withThrowingDiscardingTaskGroup { tasks in
                    for lane in 0..<publishers {
                        tasks.addTask {
                            for number in stride(from: lane, to: count, by: publishers) {
                                try await bus.publish(Happened(number: number))
                            }
                        }
                    }
                }
                let published = clock.now - began
                while try await bus.consumers().contains(where: { $0.lag > 0 }) {
                    try await Task.sleep(for: .milliseconds(5))
                }
                let all = clock.now - began
                group.cancelAll()
                return (published, all)
            }
            await storage.close()
            try MeasureError.expect(handled.count, count)
            let one = try RawSQLite.commitTime(at: disk.path("raw"))
            let each = { (time: Duration) in time / .microseconds(1) / Double(count) }
            return [
                Figure(workload: "events-publish", n: count, apus: each(published), raw: one, unit: "µs/event"),
                Figure(workload: "events", n: count, apus: each(all), raw: one, unit: "µs/event"),
            ]
        }
    }
}

private struct Happened: DomainEvent {
    static let eventType = "happened"
    var number: Int
    var eventKey: String { "key-\(number % 10)" }
}

private final class Tried: Sendable {
    private let number = Atomic<Int>(0)
    var count: Int { number.load(ordering: .relaxed) }
    func add() { number.wrappingAdd(1, ordering: .relaxed) }
}
