/// The level of a cache that outlives the process: values by key, and a counter for each tag.
///
/// A value is good as long as the counters of its tags are what they were before it was made. So an invalidation is one write, whoever made
/// the values, and a value that was being made meanwhile is void from the start.
struct CacheShelf: Sendable {
    /// What is written for a key.
    private struct Record<Value: Codable & Sendable>: Codable, Sendable {
        var value: Value
        var counters: [Int]
        var end: WallTime?
    }

    /// What was found, and what is needed to write what is missing.
    struct Look<Value: Codable & Sendable>: Sendable {
        var value: Value?
        var end: WallTime?
        fileprivate(set) var counters: [Int]
    }

    let storage: any Storage
    let name: String

    func look<Value: Codable & Sendable>(
        _ type: Value.Type, _ key: String, _ tags: [String], at now: WallTime
    ) async throws -> Look<Value> {
        let found = try await storage.read([entry(key)] + tags.map(tag))
        let counters = found.dropFirst().map { Self.number($0) }
        guard let record = found.first.flatMap({ try? $0?.load(Record<Value>.self) }), record.counters == counters,
            record.end.map({ now < $0 }) ?? true
        else { return Look(value: nil, end: nil, counters: counters) }
        return Look(value: record.value, end: record.end, counters: counters)
    }

    func put<Value: Codable & Sendable>(
        _ value: Value, _ key: String, counters: [Int], until end: WallTime?
    ) async throws {
        let record = Record(value: value, counters: counters, end: end)
        try await storage.save(record, at: entry(key), expires: end)
    }

    func forget(_ key: String) async throws { try await storage.delete(entry(key)) }

    func forget(tag name: String) async throws { try await storage.increment(tag(name)) }

    /// Forgets all entries; the counters stay, so that what is being made meanwhile is as good as before.
    func forgetAll() async throws {
        try await storage.delete(StorageRange.below(StorageKey("cache", name, "entry")))
    }

    private func entry(_ key: String) -> StorageKey { StorageKey("cache", name, "entry", key) }
    private func tag(_ tag: String) -> StorageKey { StorageKey("cache", name, "tag", tag) }

    private static func number(_ entry: StorageEntry?) -> Int {
        entry.flatMap { Int(String(decoding: $0.value, as: UTF8.self)) } ?? 0
    }
}
