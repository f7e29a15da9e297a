import Apus
import ApusTesting
import Testing

@Suite struct PrefixedStorageTests {
    private let whole = MemoryStorage()

    @Test func `parts see, write and delete nothing of each other`() async throws {
        let parts = ["a", "a/b", "ab", ""].map { whole.prefixed(with: StorageKey("tenant", $0)) }
        for (n, part) in parts.enumerated() { try await part.put([UInt8(n)], at: StorageKey("x")) }
        for (n, part) in parts.enumerated() {
            let found = try await part.scan(.all, limit: 10)
            #expect(found == [StorageEntry(StorageKey("x"), [UInt8(n)])])
        }
        try await parts[0].delete(.all)
        #expect(whole.count == 3)
    }

    @Test func `keys stand below the prefix`() async throws {
        try await whole.prefixed(with: StorageKey("t", 7)).put([1], at: StorageKey("x", 8))
        #expect(try await whole.value(at: StorageKey("t", 7, "x", 8)) == [1])
    }

    @Test func `errors name the keys of the part`() async throws {
        let part = whole.prefixed(with: StorageKey("t"))
        await #expect(throws: StorageError(.conflict, key: StorageKey("x"))) {
            try await part.commit { $0.require(.present(StorageKey("x"))) }
        }
    }
}
