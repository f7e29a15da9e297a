public import ApusAgents
public import Foundation

/// A model of OpenAI's by responses.
public typealias OpenAIResponsesProvider = HTTPProvider<OpenAIResponses>

extension LLMProvider where Self == OpenAIResponsesProvider {
    /// A model of OpenAI's by responses, which keep what it thought between calls of tools.
    public static func openAIResponses(
        _ model: String, credential: Credential = .environment("OPENAI_API_KEY"),
        transport: some HTTPTransport = .standard
    ) -> Self {
        Self(
            ModelInfo(provider: "openai", model: model), OpenAIResponses(),
            at: Endpoint(URL(string: "https://api.openai.com/v1")!, credential, transport: transport))
    }

    /// A model of any server that speaks OpenAI's responses, such as xAI, DeepSeek or LM Studio.
    /// - Parameter base: what stands before `/responses`.
    public static func openAIResponsesCompatible(
        _ model: String, at base: URL, provider: String = "openai_compatible", credential: Credential = .none,
        transport: some HTTPTransport = .standard
    ) -> Self {
        Self(
            ModelInfo(provider: provider, model: model), OpenAIResponses(provider: provider),
            at: Endpoint(base, credential, transport: transport))
    }
}
