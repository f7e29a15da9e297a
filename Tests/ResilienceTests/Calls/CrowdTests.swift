import Apus
import Synchronization
import Testing

/// Guards under many threads at once, for the thread sanitizer and for what a simulation on one thread can't show.
@Suite struct CrowdTests {
    private final class Tally: Sendable {
        let inside = Atomic<Int>(0)
        let most = Atomic<Int>(0)
        let calls = Atomic<Int>(0)

        func call() async {
            let now = inside.add(1, ordering: .relaxed).newValue
            most.max(now, ordering: .relaxed)
            calls.add(1, ordering: .relaxed)
            await Task.yield()
            inside.subtract(1, ordering: .relaxed)
        }
    }

    private func crowd(_ body: @escaping @Sendable (_ person: Int, _ round: Int) async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            for person in 0..<16 {
                group.addTask { for round in 0..<200 { try await body(person, round) } }
            }
            try await group.waitForAll()
        }
    }

    @Test func `a bulkhead holds its bound and loses no place, though some of a crowd are cancelled`() async throws {
        let (tally, bulkhead) = (Tally(), Bulkhead("b", places: 3, queue: .max))
        try await crowd { person, round in
            await withTaskGroup { group in
                group.addTask { try? await bulkhead.run { await tally.call() } }
                if (person + round).isMultiple(of: 3) { group.cancelAll() }
            }
        }
        #expect(tally.most.load(ordering: .relaxed) <= 3)
        #expect(bulkhead.reading.held == 0 && bulkhead.reading.waiting == 0)
        #expect(bulkhead.reading.admitted == tally.calls.load(ordering: .relaxed))
    }

    @Test func `a limiter lets no more of a crowd through than its limit`() async throws {
        let (tally, limiter) = (Tally(), RateLimiter("l", .window(50, per: .seconds(3_600))))
        try await crowd { person, _ in
            try? await limiter[person.isMultiple(of: 2) ? "even" : "odd"].run { await tally.call() }
        }
        #expect(tally.calls.load(ordering: .relaxed) == 100)
    }

    @Test func `a breaker counts each call of a crowd once`() async throws {
        let (tally, breaker) = (Tally(), CircuitBreaker("b", .consecutive(10, openTime: .zero, probes: 2)))
        try await crowd { _, round in
            try? await breaker.run {
                await tally.call()
                if round.isMultiple(of: 2) { throw Dependency.Down() }
            }
        }
        #expect(breaker.reading.admitted + breaker.reading.refused == 16 * 200)
        #expect(breaker.reading.admitted == tally.calls.load(ordering: .relaxed))
    }

    @Test func `a crowd has each value made once`() async throws {
        let (tally, cache) = (Tally(), ContentCache("c", storage: MemoryStorage()))
        try await crowd { _, round in
            let value = try await cache.value(for: round) {
                await tally.call()
                return round
            }
            #expect(value == round)
        }
        #expect(tally.calls.load(ordering: .relaxed) == 200)
    }

    @Test func `hedges of a crowd give each its own answer`() async throws {
        let hedge = Hedge(.after(.zero, requests: 3, share: 1))
        try await crowd { person, round in
            let answer = try await hedge.run { _ in
                await Task.yield()
                return person * 1_000 + round
            }
            #expect(answer == person * 1_000 + round)
        }
    }
}
