public import Apus

/// Remembers what was said, word by word: all of it, or the last exchanges.
public struct ConversationMemory: Memory {
    private let store: ExchangeStore<Exchange>
    /// How many exchanges are told; the others are kept all the same.
    public let exchanges: Int

    /// Everything, up to so many exchanges.
    public init(in storage: any Storage, last exchanges: Int = 1_000) {
        store = ExchangeStore(storage: storage, name: "words")
        self.exchanges = max(0, exchanges)
    }

    public func recall(
        _ task: [ChatMessage], for owner: MemoryOwner, in context: NodeContext
    ) async throws -> Recollection {
        let last = try await store.last(exchanges, of: owner)
        return Recollection(Exchange.messages(last), taint: Exchange.taint(last))
    }

    public func remember(
        _ exchange: Exchange, for owner: MemoryOwner, in context: NodeContext
    ) async throws -> Spending {
        try await store.put(exchange, id: exchange.id, of: owner)
        return Spending()
    }

    /// Forgets all conversations of an agent with a user.
    public func forget(_ owner: MemoryOwner) async throws { try await store.forget(owner) }
}
