import Apus

extension Workload {
    /// A call behind a guard that lets it through, beside the bare call.
    static let guards = Workload("guards") {
        let guards: [(String, any CallGuard)] = [
            ("breaker", CircuitBreaker("consecutive")),
            ("breaker-rate", CircuitBreaker("rate", .rate(0.5, over: .seconds(60)))),
            ("limiter", RateLimiter("bucket", .bucket(1_000_000_000, per: .seconds(1)))),
            ("limiter-window", RateLimiter("window", .window(100_000_000, per: .milliseconds(1)))),
            ("limiter-key", RateLimiter("keys", .bucket(1_000_000_000, per: .seconds(1)))["tenant"]),
            ("bulkhead", Bulkhead("bulkhead", places: 8)),
        ]
        var figures: [Figure] = []
        for (name, one) in guards { figures.append(try await figure(name, one)) }
        return figures
    }

    private static func figure(_ name: String, _ one: some CallGuard) async throws -> Figure {
        let count = 2_000
        let environment = LiveEnvironment()
        let times = try await Contest(rounds: 1_000).time {
            var sum = 0
            for number in 0..<count { sum += try await one.run(in: environment) { try await answer(number) } }
            try MeasureError.expect(sum, count)
        } against: {
            var sum = 0
            for number in 0..<count { sum += try await answer(number) }
            try MeasureError.expect(sum, count)
        }
        return Figure(
            workload: name, n: count, apus: times.first / Double(count), raw: times.second / Double(count),
            unit: "µs/call", bars: [.apus(0.2)])
    }

    /// What stands for the dependency.
    @inline(never)
    private static func answer(_ number: Int) async throws -> Int { number < 0 ? 0 : 1 }
}
