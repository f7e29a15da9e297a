import Apus
import ApusTesting

struct OrderPlaced: DomainEvent, Equatable {
    static let eventType = "order.placed"
    var order: String
    var cents = 100
    var eventKey: String { order }
}

struct OrderShipped: DomainEvent {
    static let eventType = "order.shipped"
    var order: String
    var eventKey: String { order }
}

struct Refusal: ClassifiedError {
    var failureKind = FailureKind.permanent
}

/// What was seen, in order.
final class Notes: Sendable {
    private let lines = Guarded<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    func count(_ line: String) -> Int { all.count { $0 == line } }
}

/// Simulates a bus in memory: `body` publishes while the consumers are served, and returns when `isDone` says so.
func withBus(
    seed: UInt64 = 1, options: EventBusOptions = EventBusOptions(),
    _ consumers: @escaping @Sendable (EventBus) -> [any EventConsumer],
    _ body:
        @escaping @Sendable (EventBus, @escaping @Sendable (() async throws -> Bool) async throws -> Void) async throws
        -> Void
) throws {
    try Simulator(seed: seed).run { environment in
        let bus = EventBus(storage: MemoryStorage(environment: environment), environment: environment, options: options)
        let work = environment.spawn { try await bus.run(consumers(bus)) }
        try await body(bus) { isDone in
            for _ in 0..<1_000 {
                if try await isDone() { return }
                try await environment.sleep(for: .milliseconds(100))
            }
            throw Refusal()
        }
        work.cancel()
        try await work.value
    }
}
