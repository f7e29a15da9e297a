import Apus
import ApusTesting
import Testing

@Suite struct EventTriggerTests {
    private func registration(_ id: String, _ position: TriggerPosition?, _ environment: any Environment)
        -> TriggerRegistration
    {
        TriggerRegistration(id: id, position: position, since: environment.now().wallTime, environment: environment)
    }

    @Test func `it fires for each event that it wants, and goes on behind a position`() throws {
        try Simulator(seed: 1).run { environment in
            let bus = EventBus(storage: MemoryStorage(environment: environment), environment: environment)
            try await bus.publish(OrderPlaced(order: "old"))
            try await environment.sleep(for: .seconds(1))
            let trigger = EventTrigger("placed", on: bus, to: OrderPlaced.self)
            let first = registration("a", nil, environment)
            var firings = try await trigger.register(first).makeAsyncIterator()
            try await bus.publish(OrderPlaced(order: "1", cents: 5))
            try await bus.publish(OrderShipped(order: "1"))
            try await bus.publish(OrderPlaced(order: "2"))
            let firing = try await firings.next()?.firing
            #expect(firing?.id == "2")
            #expect(try firing?.payload.decode(as: OrderPlaced.self) == OrderPlaced(order: "1", cents: 5))
            trigger.unregister(first)
            #expect(try await firings.next() == nil)
            try await bus.publish(OrderPlaced(order: "3"))
            var again = try await trigger.register(registration("b", firing?.position, environment)).makeAsyncIterator()
            #expect(try await again.next()?.firing?.id == "4")
            #expect(try await again.next()?.firing?.id == "5")
            try await bus.publish(OrderShipped(order: "1"))
            #expect(try await again.next()?.position == TriggerPosition("6"))
        }
    }

    @Test func `what it has not told is kept`() throws {
        try Simulator(seed: 1).run { environment in
            var options = EventBusOptions()
            options.retention = EventRetention(count: 1)
            let bus = EventBus(
                storage: MemoryStorage(environment: environment), environment: environment, options: options)
            let trigger = EventTrigger("placed", on: bus)
            _ = try await trigger.register(registration("a", nil, environment))
            for _ in 0..<5 { try await bus.publish(OrderPlaced(order: "1")) }
            #expect(try await bus.trim() == 0)
            #expect(try await bus.consumers().map(\.lag) == [5])
        }
    }
}
