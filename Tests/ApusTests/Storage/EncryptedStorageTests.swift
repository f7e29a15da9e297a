import Apus
import ApusTesting
import Testing

@Suite struct EncryptedStorageTests {
    private let base = MemoryStorage()
    private let key = StorageKey("a")

    @Test func `the storage beneath sees no value, and other bytes each time`() async throws {
        let storage = base.encrypted(with: ToyCodec())
        try await storage.put(Array("secret".utf8), at: key)
        let first = try #require(try await base.value(at: key))
        try await storage.put(Array("secret".utf8), at: key)
        let second = try #require(try await base.value(at: key))
        #expect(first != second)
        #expect(!String(decoding: first, as: UTF8.self).contains("secret"))
    }

    @Test func `a value that was moved to another key is damaged`() async throws {
        let storage = base.encrypted(with: ToyCodec())
        try await storage.put([1], at: key)
        try await base.put(try #require(try await base.value(at: key)), at: StorageKey("b"))
        await #expect(throws: StorageError(.corrupt, key: StorageKey("b"))) {
            _ = try await storage.value(at: StorageKey("b"))
        }
        #expect(try await storage.value(at: key) == [1])
    }

    @Test func `another secret or changed bytes are damage`() async throws {
        let storage = base.encrypted(with: ToyCodec())
        try await storage.put([1, 2, 3], at: key)
        await #expect(throws: StorageError(.corrupt, key: key)) {
            _ = try await base.encrypted(with: ToyCodec(secret: 43)).value(at: key)
        }
        let stored = try #require(try await base.value(at: key))
        for index in stored.indices {
            var changed = stored
            changed[index] ^= 1
            try await base.put(changed, at: key)
            await #expect(throws: StorageError(.corrupt, key: key)) { _ = try await storage.value(at: key) }
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `a required value holds even while others write it once more`(seed: UInt64) throws {
        try Simulator(seed: seed).run { environment in
            let faults = StorageFaults([.delay: 0.5], longestDelay: .milliseconds(5))
            let storage = MemoryStorage(environment: environment)
                .faulty(faults, seed: seed, environment: environment).encrypted(with: ToyCodec())
            let key = StorageKey("a")
            try await storage.put([7], at: key)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for _ in 0..<20 { try await storage.put([7], at: key) } }
                for n in 0..<5 {
                    group.addTask {
                        try await storage.commit {
                            $0.require(.holds(key, [7])); $0.put([1], at: StorageKey(n))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await storage.scan(.all, limit: 10).count == 6)
        }
    }
}
