import Apus
import ApusTesting
import Foundation
import Testing

@Suite struct SimulatorTests {
    @Test func `time is virtual`() throws {
        let simulator = Simulator(seed: 1)
        let slept = try simulator.run { environment in
            let start = environment.now()
            try await environment.sleep(for: .seconds(30 * 86_400))
            return start.duration(to: environment.now())
        }
        #expect(slept == .seconds(30 * 86_400))
        #expect(simulator.elapsed == slept)
    }

    @Test func `both clocks advance together from the beginning of 2026`() throws {
        let now = try Simulator(seed: 1).run { environment in
            try await environment.sleep(for: .seconds(3_600))
            return environment.now()
        }
        #expect(now.uptime == .seconds(3_600))
        #expect(now.date.ISO8601Format() == "2026-01-01T01:00:00Z")
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `sleepers wake by their deadlines whatever the seed`(seed: UInt64) throws {
        let order = try Simulator(seed: seed).run { environment in
            await withTaskGroup(of: Int.self) { group in
                for index in 0..<10 {
                    group.addTask {
                        try? await environment.sleep(for: .seconds((index * 7) % 10))
                        return (index * 7) % 10
                    }
                }
                var order: [Int] = []
                for await seconds in group { order.append(seconds) }
                return order
            }
        }
        #expect(order == Array(0..<10))
    }

    @Test func `different seeds choose different orders`() throws {
        var orders: Set<[Int]> = []
        for seed in 0..<50 as Range<UInt64> {
            let order = try Simulator(seed: seed).run { _ in
                await withTaskGroup(of: Int.self) { group in
                    for index in 0..<5 { group.addTask { index } }
                    return await group.reduce(into: []) { $0.append($1) }
                }
            }
            orders.insert(order)
        }
        #expect(orders.count > 20)
    }

    @Test func `random numbers come from the seed`() throws {
        let draw: @Sendable (any Environment) async throws -> [UInt64] = { environment in
            (0..<4).map { _ in environment.random() }
        }
        let first = try Simulator(seed: 7).run(draw)
        let again = try Simulator(seed: 7).run(draw)
        let other = try Simulator(seed: 8).run(draw)
        #expect(first == again)
        #expect(first != other)
    }

    @Test func `a cancelled sleep ends at once`() throws {
        let simulator = Simulator(seed: 3)
        try simulator.run { environment in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        await #expect(throws: CancellationError.self) { try await environment.sleep(for: .seconds(60)) }
                    }
                }
                await Task.yield()
                group.cancelAll()
            }
        }
        #expect(simulator.elapsed == .zero)
    }

    @Test func `errors of the body come out`() {
        struct Oops: Error, Equatable {}
        #expect(throws: Oops()) { try Simulator(seed: 1).run { _ in throw Oops() } }
    }

    @Test func `runs of one simulator follow each other in virtual time`() throws {
        let simulator = Simulator(seed: 1)
        for _ in 0..<3 { try simulator.run { try await $0.sleep(for: .seconds(1)) } }
        #expect(simulator.elapsed == .seconds(3))
    }

    @Test func `spawned tasks run inside, and what is left behind is cancelled`() throws {
        let simulator = Simulator(seed: 5)
        let value = try simulator.run { environment in
            _ = environment.spawn { try await environment.sleep(for: .seconds(1_000)) }
            return try await environment.spawn { 42 }.value
        }
        #expect(value == 42)
        #expect(simulator.elapsed == .zero)
    }

    @Test func `an exploration names the seed that fails`() throws {
        struct Unlucky: Error {}
        let body: @Sendable (any Environment) async throws -> Void = { environment in
            if environment.random() % 10 == 0 { throw Unlucky() }
        }
        let failure = try #require(throws: SimulationFailure.self) { try Simulator.explore(seeds: 0..<1_000, body) }
        #expect(failure.underlying is Unlucky)
        #expect(throws: Unlucky.self) { try Simulator(seed: failure.seed).run(body) }
    }
}
