public import ApusAgents
public import Foundation

/// A model of OpenAI's, or of a server that speaks OpenAI's chat completions.
public typealias OpenAIProvider = HTTPProvider<OpenAIChat>

extension LLMProvider where Self == OpenAIProvider {
    /// A model of OpenAI's by chat completions.
    public static func openAI(
        _ model: String, credential: Credential = .environment("OPENAI_API_KEY"),
        transport: some HTTPTransport = .standard
    ) -> Self {
        Self(
            ModelInfo(provider: "openai", model: model), OpenAIChat(),
            at: Endpoint(URL(string: "https://api.openai.com/v1")!, credential, transport: transport))
    }

    /// A model of any server that speaks OpenAI's chat completions, such as vLLM, LM Studio or a gateway.
    /// - Parameter base: what stands before `/chat/completions`.
    public static func openAICompatible(
        _ model: String, at base: URL, provider: String = "openai_compatible", credential: Credential = .none,
        transport: some HTTPTransport = .standard
    ) -> Self {
        var dialect = OpenAIChat(provider: provider)
        dialect.limitName = "max_tokens"
        return Self(
            ModelInfo(provider: provider, model: model), dialect, at: Endpoint(base, credential, transport: transport))
    }

    /// A model that Groq runs. It takes neither sound nor files.
    public static func groq(
        _ model: String, credential: Credential = .environment("GROQ_API_KEY"),
        transport: some HTTPTransport = .standard
    ) -> Self {
        var dialect = OpenAIChat(provider: "groq")
        dialect.limitName = "max_tokens"
        // Its streams tell their usage unasked.
        dialect.asksForUsage = false
        dialect.knowsMinimalEffort = false
        let capabilities = Capabilities.all.subtracting([.audio, .files])
        return Self(
            ModelInfo(provider: "groq", model: model, capabilities: capabilities), dialect,
            at: Endpoint(URL(string: "https://api.groq.com/openai/v1")!, credential, transport: transport))
    }

    /// A model that OpenRouter passes on to.
    public static func openRouter(
        _ model: String, credential: Credential = .environment("OPENROUTER_API_KEY"),
        transport: some HTTPTransport = .standard
    ) -> Self {
        openAICompatible(
            model, at: URL(string: "https://openrouter.ai/api/v1")!, provider: "openrouter", credential: credential,
            transport: transport)
    }

    /// A model of DeepSeek's. What it thought before a call goes back to it.
    public static func deepSeek(
        _ model: String, credential: Credential = .environment("DEEPSEEK_API_KEY"),
        transport: some HTTPTransport = .standard
    ) -> Self {
        var provider = openAICompatible(
            model, at: URL(string: "https://api.deepseek.com")!, provider: "deepseek", credential: credential,
            transport: transport)
        provider.dialect.returnedReasoning = "reasoning_content"
        return provider
    }

    /// A model of Mistral's.
    public static func mistral(
        _ model: String, credential: Credential = .environment("MISTRAL_API_KEY"),
        transport: some HTTPTransport = .standard
    ) -> Self {
        var provider = openAICompatible(
            model, at: URL(string: "https://api.mistral.ai/v1")!, provider: "mistral_ai", credential: credential,
            transport: transport)
        // Its streams tell their usage unasked.
        provider.dialect.asksForUsage = false
        provider.dialect.seedName = "random_seed"
        provider.dialect.dimensionsName = "output_dimension"
        provider.dialect.mediaForm = .mistral
        return provider
    }

    /// A model of xAI's.
    public static func xAI(
        _ model: String, credential: Credential = .environment("XAI_API_KEY"),
        transport: some HTTPTransport = .standard
    ) -> Self {
        openAICompatible(
            model, at: URL(string: "https://api.x.ai/v1")!, provider: "x_ai", credential: credential,
            transport: transport)
    }
}
