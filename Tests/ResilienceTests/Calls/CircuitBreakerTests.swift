import Apus
import ApusTesting
import Testing

@Suite struct CircuitBreakerTests {
    @Test func `an open circuit refuses calls at once, and closes when what is behind it is well again`() throws {
        try Simulator(seed: 1).run { environment in
            let (crm, breaker) = (Dependency(), CircuitBreaker("crm", .consecutive(3, openTime: .seconds(30))))
            crm.isDown = true
            for _ in 0..<3 {
                await #expect(throws: Dependency.Down()) {
                    try await breaker.run(in: environment) { try await crm.call(in: environment) }
                }
            }
            try await environment.sleep(for: .seconds(10))
            let error = await #expect(throws: ResilienceError(.circuitOpen, "crm")) {
                try await breaker.run(in: environment) { try await crm.call(in: environment) }
            }
            #expect(error?.retryAfter == .seconds(20))
            #expect(error?.failureKind == .system)
            #expect(crm.calls == 3)
            crm.isDown = false
            try await environment.sleep(for: .seconds(20))
            #expect(try await breaker.run(in: environment) { try await crm.call(in: environment) } == 4)
            #expect(breaker.state == .closed)
            #expect(breaker.reading.refused == 1 && breaker.reading.failed == 3)
        }
    }

    @Test func `a circuit that stays in trouble is open longer each time`() throws {
        try Simulator(seed: 1).run { environment in
            let changes = Guarded<[BreakerChange]>([])
            let breaker = CircuitBreaker("crm", .consecutive(1, openTime: .seconds(10))) { change in
                changes.withLock { $0.append(change) }
            }
            for wait in [0, 10, 20, 40] {
                try await environment.sleep(for: .seconds(wait))
                await #expect(throws: Dependency.Down()) {
                    try await breaker.run(in: environment) { throw Dependency.Down() }
                }
            }
            let opened = changes.withLock { $0 }.filter { $0.to == .open }.map(\.time.uptime)
            #expect(opened == [0, 10, 30, 70].map { .seconds($0) })
            #expect(changes.withLock { $0 }.map(\.number) == Array(1...7))
        }
    }

    @Test func `a timeout further inside counts, a cancelled call and a permanent error do not`() throws {
        try Simulator(seed: 3).run { environment in
            let (slow, breaker) = (Dependency(delay: .seconds(60)), CircuitBreaker("crm", .consecutive(1)))
            let task = environment.spawn {
                try await breaker.run(in: environment) { try await slow.call(in: environment) }
            }
            try await environment.sleep(for: .seconds(1))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            await #expect(throws: ResilienceError(.exceedsLimit, "x")) {
                try await breaker.run(in: environment) { throw ResilienceError(.exceedsLimit, "x") }
            }
            #expect(breaker.state == .closed)
            let timeout = TimeoutError(activation: ActivationID([]), limit: .seconds(1))
            await #expect(throws: timeout) { try await breaker.run(in: environment) { throw timeout } }
            #expect(breaker.state == .open)
        }
    }

    @Test func `a person holds a circuit open or closed, and the stream of its scope tells all changes`() async throws {
        let resilience = Resilience()
        let changes = resilience.changes
        let breaker = resilience.breaker("crm")
        #expect(resilience.breaker("crm") === breaker)
        breaker.forceOpen()
        await #expect(throws: ResilienceError(.circuitOpen, "crm")) { try await breaker.run {} }
        breaker.forceClosed()
        for _ in 0..<10 {
            await #expect(throws: Dependency.Down()) { try await breaker.run { throw Dependency.Down() } }
        }
        breaker.release()
        var seen: [BreakerState] = []
        for await change in changes {
            seen.append(change.to)
            if seen.count == 3 { break }
        }
        #expect(seen == [.forcedOpen, .forcedClosed, .closed])
        #expect(resilience.readings.map(\.name) == ["crm"])
    }
}
