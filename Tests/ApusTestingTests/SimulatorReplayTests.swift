import Apus
import ApusTesting
import Foundation
import Synchronization
import Testing

@Suite struct SimulatorReplayTests {
    /// 2,000 by default, all with `APUS_SIMULATE=full`.
    private static let seeds: Range<UInt64> =
        0..<(ProcessInfo.processInfo.environment["APUS_SIMULATE"] == "full" ? 20_000 : 2_000)

    @Test func `a seed takes the same decisions twice through forks, nested groups, timeouts and signals`() throws {
        var traces: Set<UInt64> = []
        for seed in Self.seeds {
            let first = Simulator(seed: seed)
            let second = Simulator(seed: seed)
            let result = try first.run(workload)
            let again = try second.run(workload)
            guard result == again && first.trace == second.trace && first.decisions == second.decisions else {
                Issue.record("seed \(seed): \(result) \(first.trace), then \(again) \(second.trace)")
                return
            }
            traces.insert(first.trace)
        }
        #expect(traces.count == Self.seeds.count)
    }

    @Test func `a body that depends on something else is found out`() {
        let calls = Atomic<Int>(0)
        let body: @Sendable (any Environment) async throws -> Void = { environment in
            let isFirst = calls.add(1, ordering: .relaxed).oldValue == 0
            try await environment.sleep(for: .seconds(isFirst ? 1 : 2))
            if isFirst { await Task.yield() }
        }
        #expect(throws: SimulationFailure.self) { try Simulator.explore(seeds: 0..<1, twice: true, body) }
    }

    @Test func `the hub and the turnstile behave alike under every schedule`() throws {
        try Simulator.explore(seeds: 0..<300, twice: true) { environment in
            let hub = EventHub(retaining: 0)
            let gate = TurnstileGate(capacity: 2)
            let events = hub.events(.wait(bound: 2))
            let reader = environment.spawn {
                var seen: [UInt64] = []
                for try await event in events { seen.append(event.sequence) }
                return seen
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        try await gate.enter()
                        await hub.room()
                        hub.emit(.runPaused, at: environment.now())
                        gate.leave()
                    }
                }
                try await group.waitForAll()
            }
            hub.end()
            #expect(try await reader.value == Array(0..<6))
            #expect(gate.isEmpty)
        }
    }
}

/// Everything an engine does: forks that join, groups within groups, work against a timeout, a signal through a lock.
private let workload: @Sendable (any Environment) async throws -> [UInt64] = { environment in
    let bell = Bell()
    return try await withThrowingTaskGroup(of: UInt64.self) { group in
        for branch in 0..<4 as Range<UInt64> {
            group.addTask {
                try await environment.sleep(for: .milliseconds(Int64(environment.random() % 5)))
                return try await fork(branch, in: environment)
            }
        }
        group.addTask {
            await bell.wait()
            return 100
        }
        group.addTask {
            await Task.yield()
            bell.ring()
            return 200
        }
        var results: [UInt64] = []
        for try await result in group { results.append(result) }
        return results
    }
}

private func fork(_ branch: UInt64, in environment: any Environment) async throws -> UInt64 {
    try await withThrowingTaskGroup(of: UInt64.self) { inner in
        inner.addTask { try await within(.milliseconds(3), in: environment) { branch } }
        inner.addTask {
            let delay = Duration.milliseconds(Int64(environment.random() % 6))
            return try await within(.milliseconds(3), in: environment) {
                try await environment.sleep(for: delay)
                return 10
            }
        }
        var sum: UInt64 = 0
        for try await part in inner { sum = sum * 31 + part }
        return sum
    }
}

/// What `body` returns, or 99 if it takes longer than `limit`.
private func within(
    _ limit: Duration, in environment: any Environment, _ body: @escaping @Sendable () async throws -> UInt64
) async throws -> UInt64 {
    try await withThrowingTaskGroup(of: UInt64.self) { race in
        race.addTask { try await body() }
        race.addTask {
            try await environment.sleep(for: limit)
            return 99
        }
        defer { race.cancelAll() }
        return try await race.next() ?? 0
    }
}

/// A signal that is given once.
private final class Bell: Sendable {
    private enum State { case silent, awaited(CheckedContinuation<Void, Never>), rung }
    private let state = Guarded(State.silent)

    func wait() async {
        await withCheckedContinuation { continuation in
            let hasRung = state.withLock { state in
                if case .rung = state { return true }
                state = .awaited(continuation)
                return false
            }
            if hasRung { continuation.resume() }
        }
    }

    func ring() {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state = .rung }
            if case .awaited(let continuation) = state { return continuation }
            return nil
        }
        waiting?.resume()
    }
}
