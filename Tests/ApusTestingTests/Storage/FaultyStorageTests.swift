import Apus
import ApusTesting
import Testing

@Suite struct FaultyStorageTests {
    private static let key = StorageKey("a")

    private func faulty(
        _ rates: [StorageFault: Double], _ base: MemoryStorage = MemoryStorage()
    ) -> FaultyStorage<MemoryStorage> {
        base.faulty(StorageFaults(rates), seed: 1, environment: .live)
    }

    @Test func `each fault throws its error`() async throws {
        await #expect(throws: StorageError(.unavailable)) {
            _ = try await faulty([.unavailableRead: 1]).value(at: Self.key)
        }
        await #expect(throws: StorageError(.unavailable)) {
            _ = try await faulty([.unavailableScan: 1]).scan(.all, limit: 1)
        }
        await #expect(throws: StorageError(.unavailable)) {
            try await faulty([.unavailableCommit: 1]).put([1], at: Self.key)
        }
        await #expect(throws: StorageError(.full)) { try await faulty([.full: 1]).put([1], at: Self.key) }
    }

    @Test func `of an unknown outcome the batch is there or not`() async throws {
        let base = MemoryStorage()
        await #expect(throws: StorageError(.unknownOutcome)) {
            try await faulty([.unknownLost: 1], base).put([1], at: Self.key)
        }
        #expect(try await base.value(at: Self.key) == nil)
        let storage = faulty([.unknownApplied: 1], base)
        await #expect(throws: StorageError(.unknownOutcome)) { try await storage.put([1], at: Self.key) }
        #expect(try await base.value(at: Self.key) == [1])
        await #expect(throws: StorageError(.conflict, key: Self.key)) {
            try await storage.commit { $0.create([2], at: Self.key) }
        }
        #expect(storage.injected == [.unknownApplied: 1])
    }

    @Test func `faults come about as often as the rates say`() async throws {
        let storage = faulty([.unavailableCommit: 0.1, .unknownApplied: 0.2, .unknownLost: 0.05])
        for n in 0..<4_000 { try? await storage.put([1], at: StorageKey(n)) }
        let injected = storage.injected
        #expect((350...450).contains(injected[.unavailableCommit] ?? 0))
        #expect((600...800).contains(injected[.unknownApplied] ?? 0))
        #expect((130...230).contains(injected[.unknownLost] ?? 0))
        #expect(injected[.full] == nil)
    }

    @Test func `one seed does the same again`() throws {
        func outcome(_ seed: UInt64) throws -> [String] {
            try Simulator(seed: 5).run { environment in
                let faults = StorageFaults.drawn(by: seed)
                let storage = MemoryStorage(environment: environment)
                    .faulty(faults, seed: seed, environment: environment)
                var outcomes: [String] = ["\(faults)"]
                for n in 0..<30 {
                    do {
                        try await storage.put([1], at: StorageKey(n))
                        outcomes.append("\(environment.now().uptime)")
                    } catch {
                        outcomes.append("\(error)")
                    }
                }
                return outcomes
            }
        }
        for seed in 0..<30 as Range<UInt64> { #expect(try outcome(seed) == outcome(seed)) }
        #expect(try Set((0..<30).map(outcome)).count > 20)
    }

    @Test func `switched off it does nothing more`() async throws {
        let storage = faulty([.unavailableCommit: 1, .unavailableRead: 1, .delay: 1])
        storage.switchOff()
        try await storage.put([1], at: Self.key)
        #expect(try await storage.value(at: Self.key) == [1])
        #expect(storage.injected.isEmpty)
    }

    @Test func `cut off it lets nothing through`() async throws {
        let base = MemoryStorage()
        let storage = faulty([:], base)
        try await storage.put([1], at: Self.key)
        storage.cutOff()
        await #expect(throws: StorageError(.closed)) { try await storage.put([2], at: Self.key) }
        await #expect(throws: StorageError(.closed)) { _ = try await storage.value(at: Self.key) }
        #expect(try await base.value(at: Self.key) == [1])
    }

    @Test(
        arguments: StorageConformance.clauses + StorageConformance.watchingClauses + StorageConformance.reopeningClauses
            + StorageConformance.crashingClauses)
    func `delays and crashes leave the contract whole`(_ clause: StorageConformance.Clause) throws {
        let faults = StorageFaults([.delay: 0.3], longestDelay: .milliseconds(10))
        for seed in 0..<3 as Range<UInt64> {
            try Simulator(seed: seed).run { environment in
                let spaces = Spaces(faults: faults, seed: seed)
                try await clause.check(spaces.subject, on: environment)
            }
        }
    }

    private struct Spaces {
        var faults: StorageFaults
        var seed: UInt64

        /// A process that dies takes its own way to the space along; the space remains.
        var subject: StorageSubject<FaultyStorage<MemoryStorage>> {
            StorageSubject { [faults, seed] environment in
                MemoryStorage(environment: environment).faulty(faults, seed: seed, environment: environment)
            }
            .watching()
            .reopening { old, environment in old.again(environment: environment) }
            .crashing { old, environment in
                old.cutOff()
                return old.again(environment: environment)
            }
        }
    }
}
