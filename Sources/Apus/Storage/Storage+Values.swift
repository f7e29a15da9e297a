extension Storage {
    /// The value at a key; `nil` where nothing is, or what was there has expired.
    public func value(at key: StorageKey) async throws -> [UInt8]? { try await read([key]).first??.value }

    public func put(_ value: [UInt8], at key: StorageKey, expires: WallTime? = nil) async throws {
        try await commit { $0.put(value, at: key, expires: expires) }
    }

    /// Saves a value as JSON, in place of what was there. Its keys are sorted, so equal values are equal bytes; numbers that are
    /// infinite or none are kept as text.
    public func save(_ value: some Encodable, at key: StorageKey, expires: WallTime? = nil) async throws {
        try await commit { try $0.save(value, at: key, expires: expires) }
    }

    /// The value that was saved at a key; `nil` where nothing is. Throws ``StorageError/Code/coding`` with the key and the type if
    /// what is there is something else.
    public func load<Value: Decodable>(_ type: Value.Type = Value.self, at key: StorageKey) async throws -> Value? {
        try await read([key]).first??.load(type)
    }

    public func delete(_ key: StorageKey) async throws { try await commit { $0.delete(key) } }

    public func delete(_ range: StorageRange) async throws { try await commit { $0.delete(range) } }

    /// Commits a batch that `fill` puts together.
    public func commit(_ fill: (inout StorageBatch) throws -> Void) async throws {
        var batch = StorageBatch()
        try fill(&batch)
        try await commit(batch)
    }
}
