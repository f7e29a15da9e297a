import Apus
import ApusTesting
import Testing

@Suite struct SubscriptionTests {
    @Test(arguments: 0..<10 as Range<UInt64>)
    func `keys keep their order while others overtake them`(seed: UInt64) throws {
        let notes = Notes()
        try withBus(seed: seed) { bus in
            [
                EventSubscription("orders", to: OrderPlaced.self) { event, delivery in
                    if event.order == "slow" { try await bus.environment.sleep(for: .seconds(5)) }
                    if event.cents == 1, delivery.attempt < 3 { throw Refusal(failureKind: .transient) }
                    notes.add("\(event.order)\(event.cents)")
                }
            ]
        } _: { bus, wait in
            for cents in 0..<4 {
                for order in ["slow", "a", "b"] { try await bus.publish(OrderPlaced(order: order, cents: cents)) }
            }
            try await wait { notes.all.count == 12 }
        }
        for order in ["slow", "a", "b"] {
            let handled = notes.all.filter { $0.hasPrefix(order) }
            #expect(handled == ["\(order)0", "\(order)1", "\(order)2", "\(order)3"])
        }
        #expect(notes.all.last == "slow3")
    }

    @Test func `subscriptions choose by type and key`() throws {
        let notes = Notes()
        try withBus { _ in
            [
                EventSubscription("shipped", to: OrderShipped.self) { event, _ in notes.add("s\(event.order)") },
                EventSubscription("one", EventFilter(keys: .one("1"))) { notes.add("o\($0.event.type)") },
                EventSubscription("prefix", EventFilter(keys: .prefix("1"))) { notes.add("p\($0.event.key)") },
                EventSubscription("even", EventFilter(keys: .matching { $0 == "2" })) { notes.add("m\($0.event.key)") },
            ]
        } _: { bus, wait in
            try await bus.publish(OrderPlaced(order: "1"))
            try await bus.publish(OrderShipped(order: "1"))
            try await bus.publish(OrderPlaced(order: "2"))
            try await bus.publish(OrderPlaced(order: "10"))
            try await wait { try await bus.consumers().allSatisfy { $0.lag == 0 } && notes.all.count == 7 }
        }
        #expect(notes.all.sorted() == ["m2", "oorder.placed", "oorder.shipped", "p1", "p1", "p10", "s1"])
    }

    @Test func `what can't be handled becomes a dead event, which can be handled again or dropped`() throws {
        let notes = Notes()
        let isMended = Guarded(false)
        try withBus { _ in
            [
                EventSubscription("orders", to: OrderPlaced.self) { event, _ in
                    notes.add(event.order)
                    if event.order != "fine", !isMended.withLock({ $0 }) { throw Refusal() }
                }
            ]
        } _: { bus, wait in
            for order in ["bad", "fine", "worse"] { try await bus.publish(OrderPlaced(order: order)) }
            try await wait { try await bus.deadEvents(of: "orders").count == 2 }
            let dead = try await bus.deadEvents(of: "orders")
            #expect(dead.map(\.event.key) == ["bad", "worse"])
            #expect(dead.allSatisfy { $0.attempts == 1 && $0.error.contains("Refusal") })
            isMended.withLock { $0 = true }
            try await bus.redeliver(1, to: "orders")
            try await bus.drop(3, of: "orders")
            await #expect(throws: EventBusError(.unknownLetter, subscriber: "orders", sequence: 3)) {
                try await bus.redeliver(3, to: "orders")
            }
            try await wait { notes.count("bad") == 2 }
            try await bus.environment.sleep(for: .seconds(60))
            #expect(try await bus.deadEvents(of: "orders").isEmpty)
        }
        #expect(notes.all.sorted() == ["bad", "bad", "fine", "worse"])
    }

    @Test func `transient trouble is tried again with longer pauses, and counted across crashes`() throws {
        let notes = Notes()
        try Simulator(seed: 1).run { environment in
            let storage = MemoryStorage(environment: environment)
            var options = SubscriptionOptions()
            options.retry = .exponential(attempts: 4, first: .seconds(10), limit: .seconds(100), jitter: 0)
            let consumer = EventSubscription("orders", to: OrderPlaced.self, options: options) { _, delivery in
                notes.add("\(delivery.attempt) at \(environment.now().uptime / .seconds(1))")
                throw Refusal(failureKind: .transient)
            }
            let bus = EventBus(storage: storage, environment: environment)
            try await bus.publish(OrderPlaced(order: "1"))
            for _ in 0..<10 {
                let work = environment.spawn { try await bus.run([consumer]) }
                try await environment.sleep(for: .seconds(12))
                work.cancel()
                try await work.value
            }
            #expect(try await bus.deadEvents(of: "orders").map(\.attempts) == [4])
        }
        #expect(notes.all.map { $0.prefix(1) } == ["1", "2", "3", "4"])
    }

    @Test func `an attempt that takes too long is given up`() throws {
        var options = SubscriptionOptions()
        options.timeout = .seconds(2)
        options.retry = .constant(attempts: 2, delay: .seconds(1))
        let settings = options
        try withBus { bus in
            [
                EventSubscription("slow", options: settings) { _ in try await bus.environment.sleep(for: .seconds(60)) }
            ]
        } _: { bus, wait in
            try await bus.publish(OrderPlaced(order: "1"))
            try await wait { try await bus.deadEvents(of: "slow").count == 1 }
            #expect(try await bus.deadEvents(of: "slow").first?.error.contains("not handled in time") == true)
        }
    }

    @Test func `of two processes with one name, one serves the subscription, and the other goes on when it is gone`()
        throws
    {
        let notes = Notes()
        try Simulator(seed: 2).run { environment in
            let storage = MemoryStorage(environment: environment)
            let works = (0..<2).map { number in
                environment.spawn {
                    let bus = EventBus(storage: storage, environment: environment)
                    try await bus.run([EventSubscription("s") { _ in notes.add("\(number)") }])
                }
            }
            let bus = EventBus(storage: storage, environment: environment)
            for _ in 0..<20 {
                try await bus.publish(OrderPlaced(order: "x"))
                try await environment.sleep(for: .seconds(1))
            }
            #expect(Set(notes.all).count == 1)
            works[notes.all.first == "0" ? 0 : 1].cancel()
            for _ in 0..<20 {
                try await bus.publish(OrderPlaced(order: "x"))
                try await environment.sleep(for: .seconds(1))
            }
            #expect(notes.all.count == 40)
            #expect(Set(notes.all).count == 2)
            for work in works { work.cancel() }
        }
    }

    @Test func `a handler's batch commits with the note that it is done, and its event with it`() throws {
        try withBus { bus in
            [
                EventSubscription("ship", to: OrderPlaced.self) { event, delivery in
                    delivery.batch.create([], at: StorageKey("shipment", event.order))
                    try delivery.publish(OrderShipped(order: event.order), on: bus)
                }
            ]
        } _: { bus, wait in
            for order in 0..<10 { try await bus.publish(OrderPlaced(order: "\(order)")) }
            try await wait { try await bus.events().count == 20 }
            #expect(try await bus.storage.scan(.below(StorageKey("shipment")), limit: 99).count == 10)
        }
    }

    @Test func `a subscriber can be sent back in the log`() throws {
        let notes = Notes()
        try withBus { _ in
            [EventSubscription("s") { delivery in notes.add("\(delivery.event.sequence)") }]
        } _: { bus, wait in
            for order in 0..<10 { try await bus.publish(OrderPlaced(order: "\(order)")) }
            try await wait { notes.all.count == 10 }
            try await bus.replay("s", from: .sequence(8))
            try await wait { notes.all.count == 13 }
            #expect(notes.count("7") == 1)
            #expect(notes.count("8") == 2)
        }
    }

    @Test func `a subscription that begins now sees nothing of before`() throws {
        let notes = Notes()
        var options = SubscriptionOptions()
        options.start = .now
        let settings = options
        try Simulator(seed: 1).run { environment in
            let bus = EventBus(storage: MemoryStorage(environment: environment), environment: environment)
            try await bus.publish(OrderPlaced(order: "old"))
            let work = environment.spawn {
                try await bus.run([EventSubscription("s", options: settings) { notes.add($0.event.key) }])
            }
            try await environment.sleep(for: .seconds(5))
            try await bus.publish(OrderPlaced(order: "new"))
            try await environment.sleep(for: .seconds(5))
            work.cancel()
        }
        #expect(notes.all == ["new"])
    }
}
