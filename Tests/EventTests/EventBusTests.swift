import Apus
import ApusTesting
import Testing

@Suite struct EventBusTests {
    @Test func `events are numbered without a gap and read back as they were`() throws {
        try Simulator(seed: 3).run { environment in
            let bus = EventBus(storage: MemoryStorage(environment: environment), environment: environment)
            try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in 0..<50 {
                    group.addTask { try await bus.publish(OrderPlaced(order: "o\(number % 7)", cents: number)) }
                }
                let numbers = try await group.reduce(into: []) { $0.append($1 ?? 0) }
                #expect(numbers.sorted() == Array(1...50))
            }
            let events = try await bus.events()
            #expect(events.map(\.sequence) == Array(1...50))
            let first = try #require(events.first)
            #expect(try first.decode(OrderPlaced.self).order == first.key)
            #expect(throws: EventBusError(.coding, sequence: 1, event: first.id)) {
                try first.decode(Unlike.self)
            }
        }
    }

    private struct Unlike: DomainEvent {
        static let eventType = "unlike"
        var missing: Int
        var eventKey: String { "" }
    }

    @Test func `what is published at the same time shares commits`() throws {
        try Simulator(seed: 3).run { environment in
            let meter = StorageMeter()
            let storage = MemoryStorage(environment: environment).metered(by: meter, environment: environment)
            let bus = EventBus(storage: storage, environment: environment)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<500 { group.addTask { try await bus.publish(OrderPlaced(order: "x")) } }
                try await group.waitForAll()
            }
            #expect(meter[.commit].calls < 100, "\(meter[.commit].calls)")
        }
    }

    @Test func `an id is published once`() async throws {
        let bus = EventBus(storage: .memory)
        #expect(try await bus.publish(OrderPlaced(order: "1"), id: "a") == 1)
        #expect(try await bus.publish(OrderPlaced(order: "1"), id: "a") == nil)
        #expect(try await bus.publish(OrderPlaced(order: "1"), id: "b") == 2)
        #expect(try await bus.events().map(\.id) == ["a", "b"])
    }

    @Test func `an event is published with a batch or not at all`() async throws {
        let bus = EventBus(storage: .memory)
        var batch = StorageBatch()
        batch.create([1], at: StorageKey("stock"))
        try await bus.publish(OrderPlaced(order: "1"), with: batch)
        await #expect(throws: StorageError(.conflict, key: StorageKey("stock"))) {
            try await bus.publish(OrderPlaced(order: "2"), with: batch)
        }
        #expect(try await bus.events().map(\.key) == ["1"])
    }

    @Test func `what a batch of others publishes comes in its order, and once`() throws {
        let notes = Notes()
        try withBus(seed: 5) { _ in
            [EventSubscription("all") { delivery in notes.add(delivery.event.key) }]
        } _: { bus, wait in
            try await bus.storage.commit { batch in
                batch.put([], at: StorageKey("order", "1"))
                try batch.publish(OrderPlaced(order: "1"), on: bus)
                try batch.publish(OrderPlaced(order: "2"), on: bus, id: "two")
                try batch.publish(OrderPlaced(order: "2"), on: bus, id: "two")
                try batch.publish(OrderPlaced(order: "3"), on: bus)
            }
            try await wait { notes.all.count == 3 }
            #expect(try await bus.events().map(\.key) == ["1", "2", "3"])
        }
        #expect(Set(notes.all) == ["1", "2", "3"])
    }

    @Test func `middleware changes, stops and writes down what is published`() async throws {
        var options = EventBusOptions()
        options.middleware = [
            EventMiddleware { passage in
                passage.event.notes["trace"] = "t1"
                passage.batch.put([], at: StorageKey("seen", passage.event.key))
                if passage.event.key == "bad" { passage.stop() }
            },
            EventMiddleware { passage in passage.event.payload["cents"] = 7 },
        ]
        let bus = EventBus(storage: .memory, options: options)
        #expect(try await bus.publish(OrderPlaced(order: "bad")) == nil)
        #expect(try await bus.publish(OrderPlaced(order: "good")) == 1)
        let event = try #require(try await bus.events().first)
        #expect(event.notes == ["trace": "t1"])
        #expect(try event.decode(OrderPlaced.self) == OrderPlaced(order: "good", cents: 7))
        #expect(try await bus.storage.scan(.below(StorageKey("seen")), limit: 9).count == 2)
    }

    @Test func `reading begins at a number or at a moment`() throws {
        try Simulator(seed: 1).run { environment in
            let bus = EventBus(storage: MemoryStorage(environment: environment), environment: environment)
            var moments: [WallTime] = []
            for number in 0..<20 {
                try await environment.sleep(for: .seconds(1))
                moments.append(environment.now().wallTime)
                try await bus.publish(number % 2 == 0 ? OrderPlaced(order: "\(number)") : OrderPlaced(order: "odd"))
            }
            #expect(try await bus.events(from: .sequence(19)).count == 2)
            #expect(try await bus.events(from: .time(moments[12])).first?.sequence == 13)
            #expect(try await bus.events(from: .end).isEmpty)
            #expect(try await bus.events(EventFilter(keys: .one("odd")), limit: 3).map(\.sequence) == [2, 4, 6])
        }
    }

    @Test func `a log with a hole is reported, not passed over`() async throws {
        let storage = MemoryStorage()
        let bus = EventBus(storage: storage)
        for number in 0..<5 { try await bus.publish(OrderPlaced(order: "\(number)")) }
        try await storage.delete(StorageKey("event", "main", "log", 3))
        await #expect(throws: EventBusError(.damaged, sequence: 3)) { try await bus.events() }
    }
}
