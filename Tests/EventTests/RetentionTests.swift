import Apus
import ApusTesting
import Testing

@Suite struct RetentionTests {
    private func bus(_ retention: EventRetention, _ environment: any Environment) -> EventBus {
        var options = EventBusOptions()
        options.retention = retention
        return EventBus(storage: MemoryStorage(environment: environment), environment: environment, options: options)
    }

    @Test func `what the bounds do not keep is dropped`() throws {
        try Simulator(seed: 1).run { environment in
            let bus = bus(EventRetention(count: 10, age: .seconds(60)), environment)
            for _ in 0..<30 { try await bus.publish(OrderPlaced(order: "1")) }
            #expect(try await bus.trim() == 20)
            #expect(try await bus.events().first?.sequence == 21)
            try await environment.sleep(for: .seconds(61))
            #expect(try await bus.trim() == 10)
            #expect(try await bus.events().isEmpty)
            #expect(try await bus.publish(OrderPlaced(order: "1")) == 31)
            await #expect(throws: EventBusError(.trimmed, sequence: 5)) { try await bus.events(from: .sequence(5)) }
        }
    }

    @Test func `events wait for who has not handled them, unless they may not`() throws {
        for waits in [true, false] {
            let notes = Notes()
            try Simulator(seed: 1).run { environment in
                var retention = EventRetention(count: 3)
                retention.waitsForSubscribers = waits
                let bus = bus(retention, environment)
                let consumer = EventSubscription("s") { delivery in notes.add("\(delivery.event.sequence)") }
                let work = environment.spawn { try await bus.run([consumer]) }
                try await bus.publish(OrderPlaced(order: "1"))
                try await environment.sleep(for: .seconds(5))
                work.cancel()
                try await work.value
                for _ in 0..<9 { try await bus.publish(OrderPlaced(order: "1")) }
                try await bus.trim()
                let again = environment.spawn { try await bus.run([consumer]) }
                try await environment.sleep(for: .seconds(5))
                again.cancel()
                try await again.value
                #expect(try await bus.consumers().map(\.missed) == [waits ? 0 : 6])
            }
            let handled = waits ? Array(1...10) : [1, 8, 9, 10]
            #expect(notes.all.compactMap { Int($0) } == handled)
        }
    }

    @Test func `a consumer that is forgotten holds nothing back`() throws {
        try Simulator(seed: 1).run { environment in
            let bus = bus(EventRetention(count: 1), environment)
            let work = environment.spawn { try await bus.run([EventSubscription("s") { _ in }]) }
            try await environment.sleep(for: .seconds(2))
            work.cancel()
            try await work.value
            for _ in 0..<5 { try await bus.publish(OrderPlaced(order: "1")) }
            #expect(try await bus.trim() == 0)
            try await bus.forget("s")
            #expect(try await bus.trim() == 4)
        }
    }
}
