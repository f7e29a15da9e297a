import ApusAgents
import ApusProviders
import Foundation

/// A provider as a user makes it, without a word on its transport, but for the address of its server.
struct ServedVendor: Sendable {
    /// What it got, as nobody named another.
    var transport: any HTTPTransport
    private var limited: @Sendable (URL, HTTPLimits) -> any LLMProvider
    var embed: @Sendable (URL) -> (any EmbeddingProvider)?
    /// The same without a network.
    var replayed: @Sendable (Recording) -> (chat: any LLMProvider, embed: (any EmbeddingProvider)?)

    private init<Dialect: ChatDialect>(_ provider: HTTPProvider<Dialect>) {
        transport = provider.endpoint.transport
        limited = { base, limits in
            var provider = provider
            (provider.endpoint.base, provider.endpoint.limits) = (base, limits)
            return provider
        }
        embed = { base in
            var provider = provider
            (provider.endpoint.base, provider.endpoint.limits) = (base, .patient)
            return provider as? any EmbeddingProvider
        }
        replayed = { recording in
            var provider = provider
            provider.endpoint.transport = ReplayTransport(recording: recording)
            return (provider, provider as? any EmbeddingProvider)
        }
    }

    func chat(_ base: URL, _ limits: HTTPLimits = .patient) -> any LLMProvider { limited(base, limits) }

    private static let key = Credential { "secret-key" }
    private static let anywhere = URL(string: "https://example.org")!

    private static let chats: [String: OpenAIProvider] = [
        "openai": .openAI("m", credential: key),
        "azure": .azureOpenAI(deployment: "m", resource: anywhere, credential: key),
        "groq": .groq("m", credential: key), "openrouter": .openRouter("m", credential: key),
        "deepseek": .deepSeek("m", credential: key), "mistral": .mistral("m", credential: key),
        "xai": .xAI("m", credential: key),
    ]
    private static let responses: [String: OpenAIResponsesProvider] = [
        "openai": .openAIResponses("m", credential: key),
        "azure": .azureOpenAIResponses(deployment: "m", resource: anywhere, credential: key),
    ]
    private static let vertex: GeminiProvider = .vertex("m", project: "p", token: key)
    private static let gemini: GeminiProvider = .gemini("m", credential: key)

    /// Whose interface a recording is of; `nil` if it is not supported.
    static func of(_ recording: Recording) -> ServedVendor? {
        switch Wire.of(recording)?.name {
        case "chat completions":
            var provider = chats[recording.file] ?? .openAICompatible("m", at: anywhere, credential: key)
            // As who uses Perplexity says it.
            if recording.file == "perplexity" { provider.dialect.endsWithDone = false }
            return Self(provider)
        case "responses":
            return Self(
                responses[recording.file] ?? .openAIResponsesCompatible("m", at: anywhere, credential: key))
        case "messages": return Self(AnthropicProvider.anthropic("m", credential: key))
        case "generateContent": return Self(recording.file == "vertex" ? vertex : gemini)
        case "chat v2": return Self(CohereProvider.cohere("m", credential: key))
        case "chat": return Self(OllamaProvider.ollama("m"))
        default: return nil
        }
    }
}
