public import ApusAgents
public import Foundation

extension LLMProvider where Self == OpenAIProvider {
    /// A model that Azure runs under a name of its owner's choice.
    /// - Parameters:
    ///   - deployment: that name.
    ///   - resource: such as `https://example.openai.azure.com`.
    ///   - version: of Azure's interface.
    public static func azureOpenAI(
        deployment: String, resource: URL, version: String = "2024-10-21",
        credential: Credential = .environment("AZURE_OPENAI_API_KEY"),
        transport: some HTTPTransport = .standard
    ) -> Self {
        var dialect = OpenAIChat(provider: "azure.ai.openai")
        dialect.path = "/openai/deployments/\(deployment)/chat/completions?api-version=\(version)"
        dialect.embeddingPath = "/openai/deployments/\(deployment)/embeddings?api-version=\(version)"
        return Self(
            ModelInfo(provider: "azure.ai.openai", model: deployment), dialect,
            at: Endpoint(resource, credential, authorization: .header("api-key"), transport: transport))
    }
}

extension LLMProvider where Self == OpenAIResponsesProvider {
    /// A model that Azure runs, by responses.
    /// - Parameter resource: such as `https://example.openai.azure.com`.
    public static func azureOpenAIResponses(
        deployment: String, resource: URL, credential: Credential = .environment("AZURE_OPENAI_API_KEY"),
        transport: some HTTPTransport = .standard
    ) -> Self {
        var dialect = OpenAIResponses(provider: "azure.ai.openai")
        dialect.path = "/openai/v1/responses"
        return Self(
            ModelInfo(provider: "azure.ai.openai", model: deployment), dialect,
            at: Endpoint(resource, credential, authorization: .header("api-key"), transport: transport))
    }
}
