public import ApusAgents
import Foundation

/// A model of OpenAI's by responses.
public typealias OpenAIResponsesProvider = HTTPProvider<OpenAIResponses>

extension LLMProvider where Self == OpenAIResponsesProvider {
    /// A model of OpenAI's by responses, which keep what it thought between calls of tools.
    public static func openAIResponses(
        _ model: String, credential: Credential = .environment("OPENAI_API_KEY"),
        transport: some HTTPTransport = URLSessionTransport.shared
    ) -> Self {
        Self(
            ModelInfo(provider: "openai", model: model), OpenAIResponses(),
            at: Endpoint(URL(string: "https://api.openai.com/v1")!, credential, transport: transport))
    }
}
