import Apus
import ApusTesting
import Testing

/// Defects of toolchains that would hit the engine if they came (back): each test stands for one.
///
/// One can't be tested, since it shows at compile time as a missing error: Swift 6.3 accepts `async let x = f(state)`
/// where `state` is an `inout` parameter that is changed before `x` is awaited. That is a data race. Copy the state
/// first.
@Suite struct ToolchainCanaryTests {
    @Test func `cancelled sleeps in nested task groups survive 600 rounds of 50`() async {
        let environment = LiveEnvironment()
        var cancelled = 0
        for _ in 0..<600 {
            cancelled += await withTaskGroup(of: Int.self) { outer in
                for _ in 0..<5 { outer.addTask { await tenCancelledSleeps(in: environment) } }
                outer.cancelAll()
                return await outer.reduce(0, +)
            }
        }
        #expect(cancelled == 600 * 50)
    }

    @Test func `cancelled sleeps in nested task groups survive in the simulator`() throws {
        try Simulator.explore(seeds: 0..<100, twice: true) { environment in
            let cancelled = await withTaskGroup(of: Int.self) { outer in
                for _ in 0..<5 { outer.addTask { await tenCancelledSleeps(in: environment) } }
                await Task.yield()
                outer.cancelAll()
                return await outer.reduce(0, +)
            }
            #expect(cancelled == 50)
        }
    }

    @Test func `an immediate child with the preference named stays in the simulator`() throws {
        try Simulator.explore(seeds: 0..<200, twice: true) { environment in
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<5 {
                    group.addImmediateTask(executorPreference: environment.executor) {
                        try await environment.sleep(for: .milliseconds(index))
                        await Task.yield()
                        return index
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == 10)
        }
    }

    @Test func `default actors stay in the simulator`() throws {
        actor Counter {
            var count = 0
            func add() { count += 1 }
        }
        try Simulator.explore(seeds: 0..<200, twice: true) { _ in
            let counter = Counter()
            async let first: Void = counter.add()
            async let second: Void = counter.add()
            _ = await (first, second)
            #expect(await counter.count == 2)
        }
    }
}

private func tenCancelledSleeps(in environment: some Environment) async -> Int {
    await withTaskGroup(of: Int.self) { group in
        for _ in 0..<10 {
            group.addTask {
                do {
                    try await environment.sleep(for: .seconds(3_600))
                    return 0
                } catch {
                    return 1
                }
            }
        }
        return await group.reduce(0, +)
    }
}
