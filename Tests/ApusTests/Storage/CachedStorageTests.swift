import Apus
import ApusTesting
import Testing

@Suite struct CachedStorageTests {
    private static let key = StorageKey("a")
    private let meter = StorageMeter()

    private func cached(_ base: MemoryStorage, limit: Int = 100, on environment: any Environment)
        -> CachedStorage<MeteredStorage<MemoryStorage>>
    {
        base.metered(by: meter, environment: environment)
            .cached(limit: limit, staleness: .seconds(10), environment: environment)
    }

    @Test func `what is remembered is not read again, nor what is not there`() throws {
        try Simulator(seed: 0).run { environment in
            let storage = cached(MemoryStorage(environment: environment), on: environment)
            try await storage.put([1], at: Self.key)
            for _ in 0..<5 {
                #expect(try await storage.value(at: Self.key) == [1])
                #expect(try await storage.value(at: StorageKey("b")) == nil)
            }
            #expect(meter[.read].calls == 2)
        }
    }

    @Test func `what others commit is seen when the time to live is over`() throws {
        try Simulator(seed: 0).run { environment in
            let base = MemoryStorage(environment: environment)
            let storage = cached(base, on: environment)
            try await storage.put([1], at: Self.key)
            #expect(try await storage.value(at: Self.key) == [1])
            try await base.put([2], at: Self.key)
            try await environment.sleep(for: .milliseconds(9_999))
            #expect(try await storage.value(at: Self.key) == [1])
            try await environment.sleep(for: .milliseconds(1))
            #expect(try await storage.value(at: Self.key) == [2])
        }
    }

    @Test func `preconditions see what others commit at once`() throws {
        try Simulator(seed: 0).run { environment in
            let base = MemoryStorage(environment: environment)
            let storage = cached(base, on: environment)
            try await storage.put([1], at: Self.key)
            #expect(try await storage.value(at: Self.key) == [1])
            try await base.put([2], at: Self.key)
            #expect(try await !storage.compareAndSwap(Self.key, from: [1], to: [3]))
            #expect(try await storage.value(at: Self.key) == [2])
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `whoever follows a range sees others soon and remembers for long`(seed: UInt64) throws {
        try Simulator(seed: seed).run { environment in
            let base = MemoryStorage(environment: environment)
            let storage = cached(base, on: environment)
            try await base.put([1], at: Self.key)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await storage.follow(.all) }
                try await environment.sleep(for: .seconds(1))
                for n in 2...20 as ClosedRange<UInt8> {
                    try await base.put([n], at: Self.key)
                    try await environment.sleep(for: .milliseconds(1))
                    #expect(try await storage.value(at: Self.key) == [n])
                    try await environment.sleep(for: .seconds(3_600))
                    #expect(try await storage.value(at: Self.key) == [n])
                }
                group.cancelAll()
            }
            #expect(meter[.read].calls == 19)
        }
    }

    @Test func `a full memory forgets what nobody asks for`() throws {
        try Simulator(seed: 0).run { environment in
            let storage = cached(MemoryStorage(environment: environment), limit: 10, on: environment)
            for round in 0..<50 {
                _ = try await storage.value(at: StorageKey("used"))
                _ = try await storage.value(at: StorageKey("n", round))
            }
            #expect(meter[.read].calls == 51)
            _ = try await storage.value(at: StorageKey("n", 0))
            #expect(meter[.read].calls == 52)
        }
    }
}
