import Apus
import ApusTesting
import Testing

@Suite struct RateLimiterTests {
    @Test(arguments: [RateLimit.bucket(10, per: .seconds(1)), .window(10, per: .seconds(1))])
    func `calls wait in their order until the limit lets them`(_ limit: RateLimit) throws {
        try Simulator(seed: 4).run { environment in
            let limiter = RateLimiter("mail", limit, waiting: .seconds(60))
            let start = environment.now().uptime
            let seen = try await withThrowingTaskGroup(of: Duration.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        try await limiter.run(in: environment) { environment.now().uptime - start }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(seen == seen.sorted())
            #expect(seen.last == .seconds(3))
            // As a bucket it may be twice as much in one second, after a rest; as a window never.
            for time in seen {
                let count = seen.count { $0 > time - .seconds(1) && $0 <= time }
                #expect(count <= (limit.shape == .window ? 10 : 20))
            }
        }
    }

    @Test func `who would wait too long is told when to come again, each key for itself`() throws {
        try Simulator(seed: 4).run { environment in
            let limiter = RateLimiter("api", .bucket(1, per: .seconds(10)))
            try await limiter["a"].run(in: environment) {}
            let error = await #expect(throws: ResilienceError(.rateLimited, "api")) {
                try await limiter["a"].run(in: environment) {}
            }
            #expect(error?.retryAfter == .seconds(10))
            #expect(error?.failureKind == .transient)
            try await limiter["b"].run(in: environment) {}
            await #expect(throws: ResilienceError(.exceedsLimit, "one")) {
                try await RateLimiter("one", .window(1, per: .seconds(1))).take(2, in: environment)
            }
        }
    }

    @Test func `a call that is cancelled while it waits takes nothing`() throws {
        try Simulator(seed: 4).run { environment in
            let limiter = RateLimiter("api", .window(1, per: .seconds(10)), waiting: .seconds(60))
            try await limiter.take(in: environment)
            let task = environment.spawn { try await limiter.take(in: environment) }
            try await environment.sleep(for: .seconds(1))
            #expect(limiter.reading.waiting == 1)
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await limiter.take(in: environment)
            #expect(environment.now().uptime == .seconds(10))
            #expect(limiter.reading.waiting == 0 && limiter.reading.admitted == 2)
        }
    }
}
