import Apus
import ApusTesting
import Testing

@Suite struct ReadModelTests {
    private func totals(_ version: Int, _ factor: Int) -> ReadModel<Int> {
        ReadModel("totals", version: version, of: OrderPlaced.self, from: 0, rows: \.order) { total, event in
            total += event.cents * factor
        }
    }

    @Test func `a model folds each event once, into the row it names`() throws {
        let model = totals(1, 1)
        try withBus { _ in
            [model]
        } _: { bus, wait in
            for number in 1...600 { try await bus.publish(OrderPlaced(order: "\(number % 3)", cents: number)) }
            try await wait { try await bus.consumers().first?.lag == 0 }
            let rows = try await model.rows(on: bus)
            #expect(rows.map(\.row) == ["0", "1", "2"])
            let sum = rows.map(\.state).reduce(0, +)
            #expect(sum == 180_300)
            #expect(try await model.value(of: "1", on: bus) == rows[1].state)
            #expect(try await model.value(of: "9", on: bus) == nil)
            #expect(try await model.rows(on: bus, after: "1").map(\.row) == ["2"])
        }
    }

    @Test func `a new version is folded from the beginning, and readers see the old one until then`() throws {
        try Simulator(seed: 4).run { environment in
            let bus = EventBus(storage: MemoryStorage(environment: environment), environment: environment)
            for _ in 0..<700 { try await bus.publish(OrderPlaced(order: "1", cents: 1)) }
            for (version, factor) in [(1, 1), (2, 10)] {
                let model = totals(version, factor)
                let work = environment.spawn { try await bus.run([model]) }
                var seen: Set<Int> = []
                for _ in 0..<200 {
                    if let value = try await model.value(of: "1", on: bus) { seen.insert(value) }
                    try await environment.sleep(for: .milliseconds(1))
                }
                try await environment.sleep(for: .seconds(5))
                work.cancel()
                try await work.value
                #expect(try await model.value(of: "1", on: bus) == 700 * factor)
                if version == 2 { #expect(seen.isSubset(of: [700, 7_000])) }
            }
        }
    }

    @Test func `a model is rebuilt when it is told to`() throws {
        let model = totals(1, 1)
        try withBus { _ in
            [model]
        } _: { bus, wait in
            try await bus.publish(OrderPlaced(order: "1", cents: 5))
            try await wait { try await model.value(of: "1", on: bus) == 5 }
            let key = try await bus.storage.scan(.below(StorageKey("event", "main", "row")), limit: 1)[0].key
            try await bus.storage.put(Array("77".utf8), at: key)
            #expect(try await model.value(of: "1", on: bus) == 77)
            try await bus.rebuild(model)
            try await wait { try await model.value(of: "1", on: bus) == 5 }
            #expect(try await bus.storage.scan(.below(StorageKey("event", "main", "row")), limit: 9).count == 1)
        }
    }

    @Test func `an event that can't be folded stops the model at its place`() throws {
        try Simulator(seed: 1).run { environment in
            let bus = EventBus(storage: MemoryStorage(environment: environment), environment: environment)
            let id = "second"
            try await bus.publish(OrderPlaced(order: "1"))
            try await bus.publish(OrderPlaced(order: "2"), id: id)
            let model = ReadModel("m", of: OrderPlaced.self, from: 0) { _, event in
                if event.order == "2" { throw Refusal() }
            }
            await #expect(throws: EventBusError(.unfoldable, subscriber: "m", sequence: 2, event: id)) {
                try await bus.run([model])
            }
        }
    }
}
