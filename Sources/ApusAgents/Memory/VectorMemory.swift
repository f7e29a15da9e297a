public import Apus

/// Remembers by meaning: of all earlier exchanges it tells those that are nearest to the task.
public struct VectorMemory: Memory {
    private struct Entry: Codable {
        var exchange: Exchange
        var vector: [Float]
    }

    private let store: ExchangeStore<Entry>
    private let embedder: any EmbeddingProvider
    /// How many are told at most.
    public let exchanges: Int
    /// Those with a smaller cosine are not told.
    public let similarity: Double

    public init(
        in storage: any Storage, by embedder: any EmbeddingProvider, exchanges: Int = 4, above similarity: Double = 0.2
    ) {
        store = ExchangeStore(storage: storage, name: "vectors")
        self.embedder = embedder
        self.exchanges = exchanges
        self.similarity = similarity
    }

    public func recall(
        _ task: [ChatMessage], for owner: MemoryOwner, in context: NodeContext
    ) async throws -> Recollection {
        guard let said = task.last(where: { $0.role == .user })?.text, !said.isEmpty else { return Recollection() }
        let embeddings = try await embedder.embed([said])
        guard let vector = embeddings.vectors.first else { return Recollection() }
        let entries = try await store.all(of: owner)
        var index = VectorIndex()
        for (place, entry) in entries.enumerated() {
            try index.add(Passage(id: "\(place)", document: "", text: ""), entry.vector)
        }
        index.settle()
        let near = try index.search(vector, limit: exchanges).filter { $0.score >= similarity }
        let found = near.compactMap { Int($0.passage.id) }.sorted().map { entries[$0].exchange }
        var spent = Spending()
        spent.usage = embeddings.usage
        let words = found.map { "- \(Self.words(of: $0))" }.joined(separator: "\n")
        let messages = found.isEmpty ? [] : [ChatMessage.user("From earlier conversations:\n\(words)")]
        return Recollection(messages, taint: Exchange.taint(found), spent: spent)
    }

    public func remember(
        _ exchange: Exchange, for owner: MemoryOwner, in context: NodeContext
    ) async throws -> Spending {
        let embeddings = try await embedder.embed([Self.words(of: exchange)])
        var spent = Spending()
        spent.usage = embeddings.usage
        guard let vector = embeddings.vectors.first else { return spent }
        try await store.put(Entry(exchange: exchange, vector: vector), id: exchange.id, of: owner)
        return spent
    }

    /// Forgets all conversations of an agent with a user.
    public func forget(_ owner: MemoryOwner) async throws { try await store.forget(owner) }

    private static func words(of exchange: Exchange) -> String {
        exchange.messages.map { "\($0.role.rawValue): \($0.text)" }.joined(separator: "\n")
    }
}
