import ApusAgents
import ApusProviders
import Foundation

/// A vendor's interface, reached as a user reaches it, and the name under which `Tests/VendorTypes` knows it.
struct Vendor: Sendable {
    var name: String
    var interface: String
    var chat: @Sendable (any HTTPTransport) -> any LLMProvider
    /// Vectors of the standard or of a given length.
    var vectors: [Vectors] = []

    struct Vectors: Sendable {
        var interface: String
        var provider: @Sendable (ScriptedTransport, Int?) -> any EmbeddingProvider
    }

    private static let key = Credential { "key" }
    private static let base = URL(string: "https://example.org/v1")!

    static let all: [Vendor] = [
        Vendor(name: "OpenAI", interface: "openai.chat") { OpenAIProvider.openAI("m", credential: key, transport: $0) }
            .embedding("openai.embeddings") { OpenAIProvider.openAI("m", credential: key, transport: $0) },
        Vendor(name: "OpenAI, responses", interface: "openai.responses") {
            OpenAIResponsesProvider.openAIResponses("m", credential: key, transport: $0)
        },
        Vendor(name: "Azure OpenAI", interface: "openai.chat") {
            OpenAIProvider.azureOpenAI(deployment: "m", resource: base, credential: key, transport: $0)
        }.embedding("openai.embeddings") {
            OpenAIProvider.azureOpenAI(deployment: "m", resource: base, credential: key, transport: $0)
        },
        Vendor(name: "Azure OpenAI, responses", interface: "openai.responses") {
            OpenAIResponsesProvider.azureOpenAIResponses(
                deployment: "m", resource: base, credential: key, transport: $0)
        },
        Vendor(name: "Anthropic", interface: "anthropic.messages.2023-06-01") {
            AnthropicProvider.anthropic("m", credential: key, transport: $0)
        },
        Vendor(name: "Anthropic, 2026-10-21", interface: "anthropic.messages") {
            var provider: AnthropicProvider = .anthropic("m", credential: key, transport: $0)
            provider.dialect.version = "2026-10-21"
            return provider
        },
        Vendor(name: "Gemini", interface: "gemini.generate") {
            GeminiProvider.gemini("m", credential: key, transport: $0)
        }.embedding("gemini.embeddings") { transport, dimensions in
            var provider: GeminiProvider = .gemini("m", credential: key, transport: transport)
            provider.dialect.dimensions = dimensions
            return provider
        },
        Vendor(name: "Vertex", interface: "vertex.generate") {
            GeminiProvider.vertex("m", project: "p", token: key, transport: $0)
        }
        .embedding("vertex.embeddings") { vertex("gemini-embedding-2", $1, $0) }
        .embedding("vertex.embeddings") { vertex("text-embedding-005", $1, $0) },
        Vendor(name: "Cohere", interface: "cohere.chat") {
            CohereProvider.cohere("m", credential: key, transport: $0)
        }.embedding("cohere.embeddings") { transport, dimensions in
            var provider: CohereProvider = .cohere("m", credential: key, transport: transport)
            provider.dialect.dimensions = dimensions
            return provider
        },
        Vendor(name: "Ollama", interface: "ollama.chat") { OllamaProvider.ollama("m", transport: $0) }
            .embedding("ollama.embeddings") { transport, dimensions in
                var provider: OllamaProvider = .ollama("m", transport: transport)
                provider.dialect.dimensions = dimensions
                return provider
            },
        Vendor(name: "Groq", interface: "groq.chat") { OpenAIProvider.groq("m", credential: key, transport: $0) },
        Vendor(name: "OpenRouter", interface: "openrouter.chat") {
            OpenAIProvider.openRouter("m", credential: key, transport: $0)
        }
        .embedding("openrouter.embeddings") { OpenAIProvider.openRouter("m", credential: key, transport: $0) },
        Vendor(name: "DeepSeek", interface: "deepseek.chat") {
            OpenAIProvider.deepSeek("m", credential: key, transport: $0)
        },
        Vendor(name: "Mistral", interface: "mistral.chat") {
            OpenAIProvider.mistral("m", credential: key, transport: $0)
        }
        .embedding("mistral.embeddings") { OpenAIProvider.mistral("m", credential: key, transport: $0) },
        Vendor(name: "xAI", interface: "openai.chat") { OpenAIProvider.xAI("m", credential: key, transport: $0) },
        Vendor(name: "other servers", interface: "openai.chat") {
            OpenAIProvider.openAICompatible("m", at: base, transport: $0)
        }
        .embedding("openai.embeddings") { OpenAIProvider.openAICompatible("m", at: base, transport: $0) },
        Vendor(name: "other servers, responses", interface: "openai.responses") {
            OpenAIResponsesProvider.openAIResponsesCompatible("m", at: base, transport: $0)
        },
    ]

    private static func vertex(
        _ model: String, _ dimensions: Int?, _ transport: ScriptedTransport
    ) -> GeminiProvider {
        var provider: GeminiProvider = .vertex(model, project: "p", token: key, transport: transport)
        (provider.dialect.dimensions, provider.dialect.taskType) = (dimensions, "RETRIEVAL_QUERY")
        return provider
    }

    private init(
        name: String, interface: String, chat: @escaping @Sendable (any HTTPTransport) -> any LLMProvider
    ) {
        self.name = name
        self.interface = interface
        self.chat = chat
    }

    private func embedding(
        _ interface: String, _ provider: @escaping @Sendable (ScriptedTransport, Int?) -> any EmbeddingProvider
    ) -> Self {
        var vendor = self
        vendor.vectors.append(Vectors(interface: interface, provider: provider))
        return vendor
    }

    private func embedding(
        _ interface: String, _ openAI: @escaping @Sendable (ScriptedTransport) -> OpenAIProvider
    ) -> Self {
        embedding(interface) { transport, dimensions in
            var provider = openAI(transport)
            provider.dialect.dimensions = dimensions
            return provider
        }
    }
}
