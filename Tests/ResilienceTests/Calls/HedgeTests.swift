import Apus
import ApusTesting
import Testing

@Suite struct HedgeTests {
    @Test func `a slow request is sent again, the first answer counts and the other is cancelled`() throws {
        try Simulator(seed: 6).run { environment in
            let (service, hedge) = (Dependency(), Hedge(.after(.seconds(1), share: 1)))
            let first = try await hedge.run(in: environment) { request in
                try await service.call(in: environment, taking: request == 0 ? .seconds(60) : .seconds(2))
            }
            #expect(first == 2)
            #expect(environment.now().uptime == .seconds(3))
            #expect(service.cancelled == 1)
        }
    }

    @Test func `a quick answer is not hedged, and neither is a failure`() throws {
        try Simulator(seed: 6).run { environment in
            let (service, hedge) = (Dependency(delay: .milliseconds(500)), Hedge(.after(.seconds(1))))
            _ = try await hedge.run(in: environment) { _ in try await service.call(in: environment) }
            service.isDown = true
            await #expect(throws: Dependency.Down()) {
                try await hedge.run(in: environment) { _ in try await service.call(in: environment) }
            }
            #expect(service.calls == 2)
        }
    }

    @Test func `when everything is slow the load grows by the share alone`() throws {
        try Simulator(seed: 6).run { environment in
            let (service, hedge) = (Dependency(delay: .seconds(9)), Hedge(.after(.seconds(1), share: 0.1)))
            for _ in 0..<100 {
                _ = try await hedge.run(in: environment) { _ in try await service.call(in: environment) }
            }
            #expect(service.calls == 110 || service.calls == 111)
        }
    }

    @Test func `the delay follows how long answers take`() throws {
        try Simulator(seed: 6).run { environment in
            let service = Dependency()
            let hedge = Hedge(.percentile(0.9, initially: .seconds(100), adding: 1))
            for number in 0..<20 {
                _ = try await hedge.run(in: environment) { _ in
                    try await service.call(in: environment, taking: .milliseconds(number % 10 * 10 + 10))
                }
            }
            #expect(service.calls == 21)
            let start = environment.now().uptime
            _ = try await hedge.run(in: environment) { request in
                try await service.call(in: environment, taking: request == 0 ? .seconds(60) : .milliseconds(1))
            }
            #expect(environment.now().uptime - start == .milliseconds(91))
        }
    }

    @Test func `a call that is cancelled cancels its requests`() throws {
        try Simulator(seed: 6).run { environment in
            let (service, hedge) = (Dependency(delay: .seconds(60)), Hedge(.after(.seconds(1), share: 1)))
            let task = environment.spawn {
                try await hedge.run(in: environment) { _ in try await service.call(in: environment) }
            }
            try await environment.sleep(for: .seconds(2))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(service.cancelled == 2)
        }
    }
}
