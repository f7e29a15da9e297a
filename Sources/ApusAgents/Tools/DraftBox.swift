public import Apus

/// A call of a tool that was kept instead of being performed.
public struct ToolDraft: Sendable, Hashable, Codable, Identifiable {
    /// The same for every try of the call, for the outside to tell repetitions by when it is performed at last.
    public var key: String
    public var tool: String
    /// JSON.
    public var arguments: String
    /// The run whose agent called it.
    public var run: RunID
    public var kept: WallTime

    public var id: String { key }
}

/// Calls of tools that were kept while a system was degraded, in a storage, until somebody performs them or throws them away.
public struct DraftBox: Sendable {
    private let storage: any Storage
    private let name: String

    public init(_ name: String = "drafts", in storage: any Storage) {
        self.name = name
        self.storage = storage
    }

    /// Keeps a call; one that is kept already stays as it is.
    func keep(_ draft: ToolDraft) async throws {
        var batch = StorageBatch()
        batch.create(try JSONCoding.encode(draft), at: place(draft.key))
        do {
            try await storage.commit(batch)
        } catch let error as StorageError where error.code == .conflict {
            // It was kept by a try before this one.
        }
    }

    /// What is kept, at most so many, in the order of their keys.
    public func drafts(limit: Int = 1_000) async throws -> [ToolDraft] {
        try await storage.scan(.below(StorageKey("draft", name)), limit: limit).map {
            try JSONCoding.decode(ToolDraft.self, from: $0.value)
        }
    }

    /// Strikes a draft off that was performed, or is not wanted any more; returns whether it was there.
    @discardableResult
    public func remove(_ draft: ToolDraft.ID) async throws -> Bool {
        var batch = StorageBatch()
        batch.require(.present(place(draft)))
        batch.delete(place(draft))
        do {
            try await storage.commit(batch)
            return true
        } catch let error as StorageError where error.code == .conflict {
            return false
        }
    }

    private func place(_ key: String) -> StorageKey { StorageKey("draft", name, key) }
}
