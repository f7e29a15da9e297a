import Apus
import ApusTesting
import Synchronization
import Testing

@Suite struct TurnstileGateTests {
    @Test(arguments: [1, 3])
    func `never more are inside than its capacity`(capacity: Int) async throws {
        let gate = TurnstileGate(capacity: capacity)
        let inside = Tally()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<500 {
                group.addTask {
                    try await gate.enter()
                    let seen = inside.value.add(1, ordering: .sequentiallyConsistent).newValue
                    await Task.yield()
                    inside.value.subtract(1, ordering: .sequentiallyConsistent)
                    gate.leave()
                    return seen
                }
            }
            for try await seen in group { #expect(seen <= capacity) }
        }
    }

    @Test func `a task that is cancelled while it waits is out of the line`() async throws {
        let gate = TurnstileGate(capacity: 1)
        try await gate.enter()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        try await gate.enter()
                        return true
                    } catch {
                        return false
                    }
                }
            }
            await Task.yield()
            group.cancelAll()
            for await gotIn in group { #expect(!gotIn) }
        }
        gate.leave()
        try await gate.enter()
        gate.leave()
    }

    @Test(arguments: 0..<20)
    func `no place is lost when cancellations race with leaving`(seed: UInt64) async throws {
        let gate = TurnstileGate(capacity: 2)
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<100 {
                let isCancelled = SeededGenerator.mix(seed &* 1_000 &+ UInt64(index)).isMultiple(of: 2)
                group.addTask {
                    await withTaskGroup(of: Void.self) { visit in
                        visit.addTask {
                            guard (try? await gate.enter(priority: index % 3)) != nil else { return }
                            await Task.yield()
                            gate.leave()
                        }
                        await Task.yield()
                        if isCancelled { visit.cancelAll() }
                    }
                }
            }
        }
        #expect(gate.isEmpty, "seed \(seed)")
    }
}

private final class Tally: Sendable {
    let value = Atomic<Int>(0)
}
