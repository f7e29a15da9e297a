import Apus
import ApusTesting
import Testing

@Suite struct StorageExchangeTests {
    private let storage = MemoryStorage()
    private let key = StorageKey("n")

    @Test func `an exchange needs the old value`() async throws {
        #expect(try await storage.compareAndSwap(key, from: nil, to: [1]))
        #expect(try await !storage.compareAndSwap(key, from: nil, to: [2]))
        #expect(try await !storage.compareAndSwap(key, from: [2], to: [3]))
        #expect(try await storage.compareAndSwap(key, from: [1], to: [2]))
        #expect(try await storage.value(at: key) == [2])
        #expect(try await storage.compareAndSwap(key, from: [2], to: nil))
        #expect(try await storage.value(at: key) == nil)
    }

    @Test func `a counter begins at zero and returns its sums`() async throws {
        #expect(try await storage.increment(key) == 1)
        #expect(try await storage.increment(key, by: 41) == 42)
        #expect(try await storage.increment(key, by: -50) == -8)
        #expect(try await storage.value(at: key) == Array("-8".utf8))
    }

    @Test func `a counter neither overflows nor guesses`() async throws {
        try await storage.put(Array("\(Int.max)".utf8), at: key)
        await #expect(throws: StorageError(.coding, key: key)) { try await storage.increment(key) }
        try await storage.put(Array("many".utf8), at: key)
        await #expect(throws: StorageError(.coding, key: key)) { try await storage.increment(key) }
        #expect(try await storage.value(at: key) == Array("many".utf8))
    }

    @Test func `counting at once loses nothing`() throws {
        try Simulator.explore(seeds: 0..<50) { environment in
            let faults = StorageFaults([.delay: 1], longestDelay: .seconds(1))
            let storage = MemoryStorage(environment: environment).faulty(faults, seed: 1, environment: environment)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<5 { group.addTask { for _ in 0..<4 { try await storage.increment(StorageKey("n")) } } }
                try await group.waitForAll()
            }
            let count = try await storage.increment(StorageKey("n"), by: 0)
            #expect(count == 20)
        }
    }

    @Test func `an update sees the value, changes it, makes it or takes it away`() async throws {
        let made = try await storage.update([String].self, at: key) { $0 = ($0 ?? []) + ["a"] }
        #expect(made == ["a"])
        try await storage.update([String].self, at: key) { $0?.append("b") }
        #expect(try await storage.load([String].self, at: key) == ["a", "b"])
        let gone = try await storage.update([String].self, at: key) { $0 = nil }
        #expect(gone == nil)
        #expect(storage.count == 0)
    }

    @Test func `an update begins again when somebody comes between`() async throws {
        try await storage.save(1, at: key)
        var calls = 0
        try await storage.update(Int.self, at: key) { [storage, key] value in
            calls += 1
            if calls < 4 { try await storage.save(calls * 10, at: key) }
            value = (value ?? 0) + 1
        }
        #expect(calls == 4)
        #expect(try await storage.load(Int.self, at: key) == 31)
    }

    @Test func `an update gives up with a conflict`() async throws {
        try await storage.save(0, at: key)
        var calls = 0
        do {
            try await storage.update(Int.self, at: key, attempts: 3) { [storage, key] value in
                calls += 1
                try await storage.save(-calls, at: key)
                value = 7
            }
            Issue.record("the update was written")
        } catch let error as StorageError {
            #expect(error == StorageError(.conflict, key: key))
        }
        #expect(calls == 3)
        #expect(try await storage.load(Int.self, at: key) == -3)
    }

    @Test func `a change that throws writes nothing`() async throws {
        try await storage.save(1, at: key)
        do {
            try await storage.update(Int.self, at: key) { value in
                value = 2
                throw CancellationError()
            }
            Issue.record("the update was written")
        } catch is CancellationError {}
        #expect(try await storage.load(Int.self, at: key) == 1)
    }
}
