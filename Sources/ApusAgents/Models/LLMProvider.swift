import Apus

/// A language model that can be asked.
///
/// A conforming type sends one request to one model and holds no conversation. It does not try again; ``LLMError`` says
/// whether that would help, and decorators such as `retrying()` do it. Cancelling the task cancels the request.
public protocol LLMProvider: Sendable {
    /// Which model this is, and what it can do.
    var info: ModelInfo { get }

    /// Asks, and returns the whole answer.
    func chat(_ request: ChatRequest) async throws -> ChatResponse

    /// Asks, and hands over the answer piece by piece; the next piece is not read before `receive` returns. Returns the
    /// whole, as ``ChatAssembly`` puts it together. An answer that breaks off throws ``LLMError/Code/cutStream`` with
    /// what had come.
    func stream(
        _ request: ChatRequest, _ receive: @Sendable (ChatEvent) async throws -> Void
    ) async throws -> ChatResponse
}

/// A model that turns texts into vectors.
public protocol EmbeddingProvider: Sendable {
    var info: ModelInfo { get }

    /// One vector for each text, in their order, all of one length.
    func embed(_ texts: [String]) async throws -> Embeddings
}

/// Vectors of texts.
public struct Embeddings: Sendable, Hashable, Codable {
    public var vectors: [[Float]]
    public var usage: Usage

    public init(_ vectors: [[Float]], usage: Usage = Usage()) {
        self.vectors = vectors
        self.usage = usage
    }
}

/// Which model a provider asks.
public struct ModelInfo: Sendable, Hashable, Codable {
    /// As OpenTelemetry's `gen_ai.provider.name` has it: `openai`, `anthropic`, `gcp.gemini`, `azure.ai.openai`, `cohere`.
    public var provider: String
    /// As the provider names it.
    public var model: String
    public var capabilities: Capabilities

    public init(provider: String, model: String, capabilities: Capabilities = .all) {
        self.provider = provider
        self.model = model
        self.capabilities = capabilities
    }
}

/// What a model can do. What it lacks is refused before anything is sent.
public struct Capabilities: OptionSet, Sendable, Hashable, Codable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let tools = Self(rawValue: 1)
    /// Several calls in one turn.
    public static let parallelCalls = Self(rawValue: 1 << 1)
    public static let images = Self(rawValue: 1 << 2)
    public static let audio = Self(rawValue: 1 << 3)
    public static let files = Self(rawValue: 1 << 4)
    /// Answers that a schema describes.
    public static let schemas = Self(rawValue: 1 << 5)
    public static let streaming = Self(rawValue: 1 << 6)
    public static let reasoning = Self(rawValue: 1 << 7)

    public static let all: Self = [
        .tools, .parallelCalls, .images, .audio, .files, .schemas, .streaming, .reasoning,
    ]
}

extension ModelInfo {
    /// Throws ``LLMError/Code/unsupported`` with the first thing that `request` needs and the model lacks.
    public func check(_ request: ChatRequest, isStreamed: Bool = false) throws(LLMError) {
        let needs = request.needs.union(isStreamed ? .streaming : [])
        for (capability, name) in Capabilities.names where needs.contains(capability) {
            if !capabilities.contains(capability) {
                throw LLMError(.unsupported, self, detail: "the model has no \(name)")
            }
        }
    }
}

extension ChatRequest {
    /// The same request for a model that can't be held to a schema: it is told the schema in words.
    func fitted(to info: ModelInfo) -> ChatRequest {
        guard case .schema(let schema, _) = format, !info.capabilities.contains(.schemas) else { return self }
        var request = self
        request.format = .text
        let words = "Answer with JSON alone, in the form that this JSON Schema describes:\n\(schema.json)"
        request.messages.insert(.system(words), at: messages.prefix { $0.role == .system }.count)
        return request
    }
}

extension Capabilities {
    fileprivate static let names: [(Self, String)] = [
        (.tools, "tools"), (.images, "images"), (.audio, "audio"), (.files, "files"),
        (.schemas, "answers by a schema"), (.streaming, "streams"),
    ]
}

extension ChatRequest {
    fileprivate var needs: Capabilities {
        var needs: Capabilities = tools.isEmpty ? [] : .tools
        if case .schema = format { needs.insert(.schemas) }
        for part in messages.flatMap(\.parts) {
            switch part.content {
            case .image: needs.insert(.images)
            case .audio: needs.insert(.audio)
            case .file: needs.insert(.files)
            case .text, .reasoning, .toolCall, .toolResult, .other: break
            }
        }
        return needs
    }
}
