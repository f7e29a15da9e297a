import Apus
import ApusAgents
import ApusProviders
import Foundation

/// A streamed answer of any dialect.
protocol OpenStream {
    var isComplete: Bool { get }
    mutating func consume(_ bytes: [UInt8], _ emit: (ChatEvent) -> Void) throws
    mutating func finish(_ emit: (ChatEvent) -> Void) throws -> ChatResponse
}

extension ChatStream: OpenStream {}

/// One of the interfaces that are supported: how it is spoken here, and how it is walked over without what is under test.
struct Wire: Sendable {
    var name: String
    var provider: @Sendable (any HTTPTransport) -> any LLMProvider
    var embedder: (@Sendable (any HTTPTransport) -> any EmbeddingProvider)?
    var open: @Sendable (StreamFraming?) -> any OpenStream
    var walk: @Sendable (Recording) -> Walk

    static let info = ModelInfo(provider: "recorded", model: "recorded")

    private init<Dialect: ChatDialect>(
        _ name: String, _ dialect: Dialect, walk: @escaping @Sendable (Recording) -> Walk
    ) {
        self.name = name
        provider = { HTTPProvider(Self.info, dialect, at: Self.endpoint($0)) }
        open = { ChatStream(dialect, of: Self.info, framing: $0) }
        self.walk = walk
    }

    private func embedding<Dialect: ChatDialect & EmbeddingDialect>(_ dialect: Dialect) -> Self {
        var wire = self
        wire.embedder = { HTTPProvider(Self.info, dialect, at: Self.endpoint($0)) }
        return wire
    }

    private static func endpoint(_ transport: any HTTPTransport) -> Endpoint {
        func endpoint(_ transport: some HTTPTransport) -> Endpoint {
            Endpoint(URL(string: "https://example.org")!, Credential { "secret-key" }, transport: transport)
        }
        return endpoint(transport)
    }

    static let chat = Wire("chat completions", OpenAIChat(), walk: Walk.chat).embedding(OpenAIChat())
    /// Perplexity ends its streams without `[DONE]`.
    static let untilReason: Wire = {
        var dialect = OpenAIChat()
        dialect.endsWithDone = false
        return Wire("chat completions", dialect) { recording in
            var walk = Walk.chat(recording)
            walk.isOver = true
            return walk
        }
    }()
    static let responses = Wire("responses", OpenAIResponses(), walk: Walk.response)
    static let anthropic = Wire("messages", AnthropicMessages(), walk: Walk.anthropic)
    static let gemini = Wire("generateContent", GeminiContent(.gemini), walk: Walk.gemini)
        .embedding(GeminiContent(.gemini))
    static let cohere = Wire("chat v2", CohereChat(), walk: Walk.cohere).embedding(CohereChat())
    static let ollama = Wire("chat", OllamaChat(), walk: Walk.ollama).embedding(OllamaChat())

    /// The interface of a recording; `nil` if it is not supported.
    static func of(_ recording: Recording) -> Wire? {
        switch recording.api {
        case "chat.completions": recording.file == "perplexity" ? untilReason : chat
        case "responses":
            recording.endpoint.contains("/compact") || recording.endpoint.contains("/input_tokens") ? nil : responses
        case "messages": anthropic
        case "generateContent", "streamGenerateContent": gemini
        case "cohere.v2.chat": cohere
        case "ollama.chat": ollama
        case "embeddings":
            switch recording.file {
            case "openai", "azure", "openrouter", "mistral": chat
            case "gemini", "vertex": gemini
            case "cohere": recording.endpoint.contains("/v1/") ? nil : cohere
            default: nil
            }
        default: nil
        }
    }
}
