import Apus
import ApusTesting
import AsideKit
import Testing

/// Two processes that serve the same consumers and both drop what is not to be kept, over a storage that answers one of them slowly.
@Suite(.aside) struct TrimmingRaceTests {
    private static let count = 60

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `consumers that are overtaken go on, and none misses what others drop`(_ seed: UInt64) throws {
        let (handled, fired) = (Numbers(), Numbers())
        let model = ReadModel<[Int]>("model", from: [], rows: \.type) { $0.append($1.sequence) }
        try Simulator(seed: seed).run { environment in
            let memory = MemoryStorage(environment: environment)
            let buses = (0..<2).map { number in
                Self.bus(memory, .milliseconds(number == 0 ? 10 : 400), seed: seed * 2 + UInt64(number), environment)
            }
            var work: [Task<Void, any Error>] = []
            for (number, bus) in buses.enumerated() {
                let subscription = EventSubscription("handled") { delivery in
                    handled.add(delivery.event.sequence)
                }
                work.append(environment.spawn { try await bus.run([subscription, model]) })
                let pause = Duration.milliseconds(number == 0 ? 1 : 400)
                work.append(environment.spawn { try await Self.listen(to: buses[0], pause, fired) })
            }
            for number in 0..<Self.count {
                try await buses[0].publish(OrderPlaced(order: "\(number)"))
                try await environment.sleep(for: .milliseconds(30))
            }
            for _ in 0..<600 where fired.count < Self.count || handled.count < Self.count {
                try await environment.sleep(for: .milliseconds(100))
            }
            try await environment.sleep(for: .seconds(30))
            let all = Array(1...Self.count)
            #expect(try await model.value(of: OrderPlaced.eventType, on: buses[0]) == all, "seed \(seed)")
            // So that it is seen that something was dropped.
            #expect(try await buses[1].events(limit: 100).count < Self.count, "seed \(seed)")
            for task in work { task.cancel() }
            for task in work {
                let result = await task.result
                if case .failure(let error) = result { #expect(error is CancellationError, "seed \(seed): \(error)") }
            }
        }
        #expect(handled.count == Self.count, "seed \(seed)")
        #expect(fired.count == Self.count, "seed \(seed)")
    }

    private static func bus(
        _ memory: MemoryStorage, _ delay: Duration, seed: UInt64, _ environment: any Environment
    ) -> EventBus {
        let faults = StorageFaults([.delay: 1], longestDelay: delay)
        var options = EventBusOptions()
        options.poll = .milliseconds(100)
        options.retention = EventRetention(count: 2, age: .milliseconds(300))
        options.retention.interval = .milliseconds(70)
        return EventBus(
            storage: memory.faulty(faults, seed: seed, environment: environment), environment: environment,
            options: options)
    }

    /// Takes what a trigger tells; one that takes its time is overtaken by the other.
    private static func listen(to bus: EventBus, _ pause: Duration, _ fired: Numbers) async throws {
        let environment = bus.environment
        let trigger = EventTrigger("fired", on: bus)
        let registration = TriggerRegistration(
            id: "r\(environment.random())", position: nil, since: WallTime(milliseconds: 0), environment: environment)
        for try await arrival in try await trigger.register(registration) {
            if let position = arrival.position.flatMap({ Int($0.rawValue) }) {
                fired.add(position)
            }
            try await environment.sleep(for: pause)
        }
    }
}

private final class Numbers: Sendable {
    private let seen = Guarded<Set<Int>>([])
    var count: Int { seen.withLock { $0.count } }
    func add(_ number: Int) { seen.withLock { _ = $0.insert(number) } }
}
