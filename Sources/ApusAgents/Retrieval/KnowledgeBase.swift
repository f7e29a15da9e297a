import Apus

/// Documents that can be asked: found by their words and, with a model for embeddings, by their meaning.
///
/// Both lists are fused by reciprocal rank (Cormack, Clarke and Buettcher 2009), so that their scores need not be comparable.
public struct KnowledgeBase: Sendable {
    private var words = KeywordIndex()
    private var vectors = VectorIndex()
    private var passages: [Passage.ID: Passage] = [:]
    private let chunker: Chunker
    private let embedder: (any EmbeddingProvider)?

    public init(_ chunker: Chunker = Chunker(), embedder: (any EmbeddingProvider)? = nil) {
        self.chunker = chunker
        self.embedder = embedder
    }

    public var count: Int { words.count }

    /// Adds a document in Markdown or plain text. If the embedder throws, nothing of it is added.
    public mutating func add(_ text: String, as document: String) async throws {
        let passages = chunker.passages(of: text, in: document)
        if let embedder, !passages.isEmpty {
            let embeddings = try await embedder.embed(passages.map(\.text))
            for (passage, vector) in zip(passages, embeddings.vectors) { try vectors.add(passage, vector) }
            vectors.settle()
        }
        for passage in passages {
            words.add(passage)
            self.passages[passage.id] = passage
        }
    }

    public func passage(named id: Passage.ID) -> Passage? { passages[id] }

    /// The best passages, best first.
    public func search(_ query: String, limit: Int = 6) async throws -> [Finding] {
        let byWords = words.search(query, limit: limit * 4)
        guard let embedder, let vector = try await embedder.embed([query]).vectors.first else {
            return Array(byWords.prefix(limit))
        }
        return Array(Self.fused([byWords, try vectors.search(vector, limit: limit * 4)]).prefix(limit))
    }

    /// Several lists as one: a place counts for more the nearer it is to the top, and places add up.
    static func fused(_ lists: [[Finding]]) -> [Finding] {
        var found: [Finding] = []
        var places: [String: Int] = [:]
        for list in lists {
            for (rank, finding) in list.enumerated() {
                let score = 1 / Double(60 + rank + 1)
                if let place = places[finding.passage.id] {
                    found[place].score += score
                } else {
                    places[finding.passage.id] = found.count
                    found.append(Finding(finding.passage, score: score))
                }
            }
        }
        return found.enumerated().sorted { (-$0.element.score, $0.offset) < (-$1.element.score, $1.offset) }.map(
            \.element)
    }
}
