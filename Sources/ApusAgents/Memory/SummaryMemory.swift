public import Apus

/// Remembers the last exchanges word by word and what was before in a summary, which a model writes and continues.
public struct SummaryMemory: Memory {
    private struct Note: Codable {
        var text: String
        /// How many exchanges it covers, from the first on.
        var count: UInt64
        var taint: [String]
    }

    private let storage: any Storage
    private let store: ExchangeStore<Exchange>
    private let model: any LLMProvider
    /// How many exchanges are told word by word. When there are twice as many the older half goes into the summary.
    public let exchanges: Int

    public init(in storage: any Storage, by model: any LLMProvider, keeping exchanges: Int = 8) {
        self.storage = storage
        store = ExchangeStore(storage: storage, name: "summed")
        self.model = model
        self.exchanges = max(1, exchanges)
    }

    public func recall(
        _ task: [ChatMessage], for owner: MemoryOwner, in context: NodeContext
    ) async throws -> Recollection {
        let note = try await storage.load(Note.self, at: summaryKey(owner))
        let rest = try await rest(behind: note, owner)
        let summary = note.map { [ChatMessage.user("What we talked about before, in short: \($0.text)")] } ?? []
        return Recollection(
            summary + Exchange.messages(rest),
            taint: (note?.taint ?? []) + Exchange.taint(rest))
    }

    public func remember(
        _ exchange: Exchange, for owner: MemoryOwner, in context: NodeContext
    ) async throws -> Spending {
        try await store.put(exchange, id: exchange.id, of: owner)
        let key = summaryKey(owner)
        let old = try await storage.value(at: key)
        let note = try await storage.load(Note.self, at: key)
        let rest = try await rest(behind: note, owner)
        let covered = rest.dropLast(exchanges)
        var spent = Spending()
        guard rest.count >= exchanges * 2 else { return spent }
        let summary: ChatResponse
        do {
            summary = try await Summary.of(Exchange.messages(covered), after: note?.text, by: model)
        } catch is LLMError {
            // What was said is kept; it is summed up another time.
            return spent
        }
        spent.turns = 1
        spent.usage = summary.usage
        let taint = (note?.taint ?? []) + Exchange.taint(covered)
        let new = Note(text: summary.text, count: (note?.count ?? 0) + UInt64(covered.count), taint: taint)
        // Whoever was quicker has summed up the same.
        _ = try await storage.compareAndSwap(key, from: old, to: JSONCoding.encode(new))
        return spent
    }

    /// Forgets all conversations of an agent with a user.
    public func forget(_ owner: MemoryOwner) async throws { try await store.forget(owner) }

    private func rest(behind note: Note?, _ owner: MemoryOwner) async throws -> [Exchange] {
        try await store.all(of: owner, from: note?.count ?? 0)
    }

    private func summaryKey(_ owner: MemoryOwner) -> StorageKey { store.key(owner).appending("summary") }
}
