import Apus
import ApusTesting
import Testing

@Suite struct BulkheadTests {
    @Test func `so many are inside, so many wait, the others are refused`() throws {
        try Simulator(seed: 5).run { environment in
            let (service, bulkhead) = (Dependency(delay: .seconds(1)), Bulkhead("reports", places: 2, queue: 3))
            let errors = await withTaskGroup(of: ResilienceError?.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        do {
                            try await bulkhead.run(in: environment) { try await service.call(in: environment) }
                            return nil
                        } catch {
                            return error as? ResilienceError
                        }
                    }
                }
                return await group.reduce(into: [ResilienceError]()) { errors, error in
                    if let error { errors.append(error) }
                }
            }
            #expect(errors == Array(repeating: ResilienceError(.bulkheadFull, "reports"), count: 5))
            #expect(service.calls == 5 && service.most == 2)
            #expect(bulkhead.reading.held == 0 && bulkhead.reading.waiting == 0)
        }
    }

    @Test(arguments: UInt64(0)..<200)
    func `no place is lost, however waits end`(_ seed: UInt64) throws {
        try Simulator(seed: seed).run { environment in
            let (service, bulkhead) = (
                Dependency(delay: .seconds(1)), Bulkhead("b", places: 2, queue: 8, waiting: .seconds(1))
            )
            await withTaskGroup { group in
                for _ in 0..<12 {
                    group.addTask {
                        let task = environment.spawn {
                            try await bulkhead.run(in: environment) { try await service.call(in: environment) }
                        }
                        try? await environment.sleep(for: .milliseconds(Int(environment.random() % 5) * 500))
                        if environment.random() % 2 == 0 { task.cancel() }
                        _ = try? await task.value
                    }
                }
            }
            #expect(service.most <= 2, "seed \(seed)")
            #expect(bulkhead.reading.held == 0 && bulkhead.reading.waiting == 0, "seed \(seed)")
        }
    }

    @Test func `who waits too long is told so`() throws {
        try Simulator(seed: 5).run { environment in
            let bulkhead = Bulkhead("b", places: 1, queue: 1, waiting: .seconds(2))
            let task = environment.spawn {
                try await bulkhead.run(in: environment) { try await environment.sleep(for: .seconds(9)) }
            }
            try await environment.sleep(for: .seconds(1))
            await #expect(throws: ResilienceError(.waitedTooLong, "b")) { try await bulkhead.run(in: environment) {} }
            #expect(environment.now().uptime == .seconds(3))
            try await task.value
        }
    }
}
