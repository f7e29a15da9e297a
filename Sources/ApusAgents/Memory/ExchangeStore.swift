import Apus

/// What is kept of exchanges, of each agent and user in the order in which they came.
struct ExchangeStore<Value: Codable & Sendable>: Sendable {
    let storage: any Storage
    /// Tells the stores of one owner apart.
    let name: String

    /// Keeps a value behind all others; the same `id` again changes nothing.
    func put(_ value: Value, id: String, of owner: MemoryOwner) async throws {
        let mark = key(owner).appending("id").appending(id)
        while try await storage.value(at: mark) == nil {
            let last = try await storage.scan(places(owner).descending, limit: 1).first?.key.parts.last
            let place = last.flatMap(StorageKey.number).map { $0 + 1 } ?? 0
            var batch = StorageBatch()
            batch.create([], at: mark)
            batch.create(try JSONCoding.encode(value), at: placeKey(owner, place))
            do {
                return try await storage.commit(batch)
            } catch let error as StorageError where error.code == .conflict {
                try Task.checkCancellation()
            }
        }
    }

    /// The last ones, oldest of them first.
    func last(_ count: Int, of owner: MemoryOwner) async throws -> [Value] {
        try await storage.scan(places(owner).descending, limit: count).map { try $0.load(Value.self) }.reversed()
    }

    /// Those from a place on, oldest first.
    func all(of owner: MemoryOwner, from place: UInt64 = 0) async throws -> [Value] {
        var range = places(owner)
        range.lower = placeKey(owner, place)
        var found: [Value] = []
        while true {
            let page = try await storage.scan(range, limit: 256)
            for entry in page { found.append(try entry.load(Value.self)) }
            guard page.count == 256, let last = page.last?.key else { return found }
            range = range.after(last)
        }
    }

    /// Forgets everything about an owner.
    func forget(_ owner: MemoryOwner) async throws { try await storage.delete(.below(key(owner))) }

    /// Where something else about an owner may stand.
    func key(_ owner: MemoryOwner) -> StorageKey { StorageKey("memory", owner.agent, owner.user, name) }

    private func places(_ owner: MemoryOwner) -> StorageRange { .below(key(owner).appending("at")) }

    private func placeKey(_ owner: MemoryOwner, _ place: UInt64) -> StorageKey {
        key(owner).appending("at").appending(place)
    }
}

extension Exchange {
    /// As messages of an earlier conversation.
    static func messages(_ exchanges: some Sequence<Exchange>) -> [ChatMessage] { exchanges.flatMap(\.messages) }

    static func taint(_ exchanges: some Sequence<Exchange>) -> [String] {
        exchanges.flatMap(\.taint).reduce(into: []) { all, source in
            if !all.contains(source) { all.append(source) }
        }
    }
}
