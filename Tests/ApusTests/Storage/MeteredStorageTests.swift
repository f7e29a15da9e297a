import Apus
import ApusTesting
import Testing

@Suite struct MeteredStorageTests {
    @Test func `calls, items, bytes, conflicts and failures are counted`() async throws {
        let meter = StorageMeter()
        let key = StorageKey("a")
        let faulty = MemoryStorage().faulty(StorageFaults([.unavailableScan: 1]), seed: 0, environment: .live)
        let storage = faulty.metered(by: meter)
        try await storage.commit {
            $0.create([1, 2, 3], at: key)
            $0.put([4], at: StorageKey("b"))
        }
        #expect(try await !storage.compareAndSwap(key, from: nil, to: [9]))
        _ = try await storage.read([key, StorageKey("none")])
        await #expect(throws: StorageError(.unavailable)) { _ = try await storage.scan(.all, limit: 10) }
        faulty.switchOff()
        _ = try await storage.scan(.all, limit: 10)
        let commits = meter[.commit]
        #expect((commits.calls, commits.items, commits.bytes) == (2, 5, 5))
        #expect((commits.conflicts, commits.failures) == (1, 0))
        #expect((meter[.read].items, meter[.read].bytes) == (2, 3))
        let scans = meter[.scan]
        #expect((scans.calls, scans.items, scans.bytes, scans.conflicts, scans.failures) == (2, 2, 4, 0, 1))
        #expect(meter[.transaction] == StorageMeter.Totals())
    }

    @Test func `durations are those of the environment`() throws {
        let meter = StorageMeter()
        try Simulator(seed: 3).run { environment in
            let faults = StorageFaults([.delay: 1], longestDelay: .seconds(60))
            let storage = MemoryStorage(environment: environment).faulty(faults, seed: 3, environment: environment)
                .metered(by: meter, environment: environment)
            let start = environment.now()
            for n in 0..<10 { try await storage.put([], at: StorageKey(n)) }
            #expect(meter[.commit].duration == start.duration(to: environment.now()))
        }
        #expect(meter[.commit].longest > .seconds(10) && meter[.commit].longest < meter[.commit].duration)
    }
}
