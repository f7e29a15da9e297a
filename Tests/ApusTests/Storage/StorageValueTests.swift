import Apus
import ApusTesting
import Foundation
import Testing

/// The conveniences on top of a storage.
@Suite struct StorageValueTests {
    private struct Profile: Codable, Equatable {
        var name = "Ada"
        var scores: [String: Double] = ["z": 1, "a": 0.1, "m": -0.0]
        var limit: Double? = .infinity
        var seen = Date(timeIntervalSince1970: 1_767_225_600.125)
        var tags: Set<String> = ["x/y"]
    }

    private let storage = MemoryStorage()
    private let key = StorageKey("profile", "ada")

    @Test func `a value that was saved is loaded`() async throws {
        try await storage.save(Profile(), at: key)
        #expect(try await storage.load(Profile.self, at: key) == Profile())
        #expect(try await storage.load(Profile.self, at: StorageKey("profile", "bob")) == nil)
        try await storage.save(7, at: key)
        #expect(try await storage.load(Int.self, at: key) == 7)
        try await storage.save(Int?.none, at: key)
        #expect(try await storage.load(Int?.self, at: key) == .some(nil))
    }

    @Test func `numbers that JSON does not know come back`() async throws {
        try await storage.save([Double.infinity, -.infinity, .nan, .greatestFiniteMagnitude], at: key)
        let loaded = try #require(try await storage.load([Double].self, at: key))
        #expect(loaded[0] == .infinity && loaded[1] == -.infinity && loaded[2].isNaN)
        #expect(loaded[3] == .greatestFiniteMagnitude)
    }

    @Test func `equal values are equal bytes`() async throws {
        try await storage.save(["z": 1, "a": 2, "m": 3], at: key)
        #expect(try await storage.value(at: key) == Array(#"{"a":2,"m":3,"z":1}"#.utf8))
    }

    @Test func `what is another type is an error that names the key, the type and the place, and no value`()
        async throws
    {
        try await storage.put(Array(#"{"name":["secret"]}"#.utf8), at: key)
        let error = await #expect(throws: StorageError(.coding, key: key)) {
            _ = try await storage.load(Profile.self, at: key)
        }
        let text = try #require(error?.description)
        #expect(text.contains("profile/ada") && text.contains("Profile at name") && !text.contains("secret"))
        try await storage.put(Array("garbage".utf8), at: key)
        await #expect(throws: StorageError(.coding, key: key)) { _ = try await storage.load(Profile.self, at: key) }
    }

    @Test func `a value that can't be written is an error, and nothing changes`() async throws {
        struct Stubborn: Encodable {
            func encode(to encoder: any Encoder) throws { throw CancellationError() }
        }
        try await storage.save(1, at: key)
        await #expect(throws: StorageError(.coding, key: key)) { try await storage.save(Stubborn(), at: key) }
        #expect(try await storage.load(Int.self, at: key) == 1)
    }

    @Test func `a range is deleted`() async throws {
        for n in 0..<5 { try await storage.save(n, at: StorageKey("n", n)) }
        try await storage.save(9, at: key)
        try await storage.delete(.below(StorageKey("n")))
        try await storage.delete(StorageKey("no one"))
        #expect(try await storage.scan(.all, limit: 9).map(\.key) == [key])
    }

    @Test(arguments: [1, 2, 3, 7, 100])
    func `the entries of a range come one by one`(_ pageSize: Int) async throws {
        for n in 0..<6 { try await storage.save(n, at: StorageKey("n", n)) }
        var found: [Int] = []
        for try await entry in storage.entries(in: .below(StorageKey("n")), pageSize: pageSize) {
            found.append(try entry.load())
        }
        #expect(found == Array(0..<6))
        found = []
        for try await entry in storage.entries(in: StorageRange.below(StorageKey("n")).descending, pageSize: pageSize) {
            found.append(try entry.load())
        }
        #expect(found == Array(0..<6).reversed())
    }

    @Test func `entries can be deleted while they come`() async throws {
        for n in 0..<50 { try await storage.save(n, at: StorageKey("n", n)) }
        var count = 0
        for try await entry in storage.entries(pageSize: 7) {
            count += 1
            try await storage.delete(entry.key)
        }
        #expect(count == 50)
        #expect(storage.count == 0)
    }
}
