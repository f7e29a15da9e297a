/// A storage whose values are encoded, typically encrypted, before they reach the one beneath. Keys, lengths and expiries are not.
///
/// Since a cipher gives other bytes each time, what is stored can't be compared with a wanted value. A batch that requires a value
/// costs one more read: the stored bytes are decoded and compared, and the commit requires those very bytes.
public struct EncryptedStorage<Base: Storage, Codec: StorageCodec>: Storage {
    private let base: Base
    private let codec: Codec

    public init(_ base: Base, codec: Codec) {
        self.base = base
        self.codec = codec
    }

    public func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] {
        try await base.read(keys).map { try $0.map(decoded) }
    }

    public func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        try await base.scan(range, limit: limit).map(decoded)
    }

    public func commit(_ batch: StorageBatch) async throws {
        var encoded = StorageBatch()
        encoded.writes = try batch.writes.map(self.encoded)
        encoded.preconditions = try await self.encoded(batch.preconditions)
        while true {
            do {
                return try await base.commit(encoded)
            } catch let error as StorageError where error.code == .conflict {
                // Somebody may have written the same value once more since the comparison.
                let again = try await self.encoded(batch.preconditions)
                if again == encoded.preconditions { throw error }
                encoded.preconditions = again
                try Task.checkCancellation()
            }
        }
    }
}

extension EncryptedStorage {
    private func decoded(_ entry: StorageEntry) throws -> StorageEntry {
        do {
            return StorageEntry(entry.key, try codec.decode(entry.value, at: entry.key))
        } catch {
            throw StorageError(.corrupt, key: entry.key, detail: "it can't be decoded: \(type(of: error))")
        }
    }

    private func encoded(_ write: StorageBatch.Write) throws -> StorageBatch.Write {
        guard case .put(let key, let value, let expires) = write else { return write }
        do {
            return .put(key, try codec.encode(value, at: key), expires: expires)
        } catch {
            throw StorageError(.coding, key: key, detail: "it can't be encoded: \(type(of: error))")
        }
    }

    /// The same preconditions about what is stored; throws a conflict if the comparison says already that one does not hold.
    private func encoded(_ preconditions: [StorageBatch.Precondition]) async throws -> [StorageBatch.Precondition] {
        let keys = preconditions.filter(\.comparesValue).map(\.key)
        if keys.isEmpty { return preconditions }
        var found = try await base.read(keys).makeIterator()
        var encoded: [StorageBatch.Precondition] = []
        for precondition in preconditions {
            guard case .holds(let key, let value) = precondition else {
                encoded.append(precondition)
                continue
            }
            guard let entry = found.next() ?? nil, try decoded(entry).value == value else {
                // One before it may not hold either, and is the one to name.
                var before = StorageBatch()
                before.preconditions = encoded
                try await base.commit(before)
                throw StorageError(.conflict, key: key)
            }
            encoded.append(.holds(key, entry.value))
        }
        return encoded
    }
}

extension StorageBatch.Precondition {
    fileprivate var comparesValue: Bool {
        if case .holds = self { true } else { false }
    }
}

extension EncryptedStorage: WatchableStorage where Base: WatchableStorage {
    public func changes(in range: StorageRange) -> AsyncStream<Void> { base.changes(in: range) }
}

extension Storage {
    /// This storage with values encoded by `codec`. Read the page on storage about what a cipher has to do.
    public func encrypted<Codec: StorageCodec>(with codec: Codec) -> EncryptedStorage<Self, Codec> {
        EncryptedStorage(self, codec: codec)
    }
}
