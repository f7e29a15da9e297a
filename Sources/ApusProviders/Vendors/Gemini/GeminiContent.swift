public import Apus
public import ApusAgents

/// Google's `generateContent`, of Gemini and of Vertex.
public struct GeminiContent: ChatDialect, EmbeddingDialect {
    /// Where models stand behind the base address.
    public enum Place: Sendable, Hashable {
        /// `/models/…` of the Gemini API.
        case gemini
        /// `/publishers/google/models/…`, behind a project and a region.
        case vertex
    }

    public var place: Place
    /// What vectors are for, such as `RETRIEVAL_QUERY`.
    public var taskType: String?
    /// How many numbers a vector should have.
    public var dimensions: Int?

    public init(_ place: Place = .gemini) { self.place = place }

    /// As in `ModelInfo`; both understand each other's signatures.
    public var provider: String { "gcp.gemini" }
    public var framing: StreamFraming { .events }

    public func fold() -> GeminiFold { GeminiFold(provider: provider) }

    public func response(_ answer: JSON) throws(AnswerFault) -> ChatResponse {
        // Without `alt=sse` a stream is one array, and may be read as a whole.
        let chunks = answer.elements ?? [answer]
        var fold = fold()
        var assembly = ChatAssembly()
        for chunk in chunks { try fold.read(chunk) { assembly.add($0) } }
        guard fold.hasCandidate else { throw .missing("candidate") }
        return assembly.response
    }

    func path(_ model: String, _ method: String) -> String {
        switch place {
        case .gemini: "/models/\(model):\(method)"
        case .vertex: "/publishers/google/models/\(model):\(method)"
        }
    }
}
