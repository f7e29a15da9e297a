public import ApusAgents
import Foundation

/// A model of Anthropic's.
public typealias AnthropicProvider = HTTPProvider<AnthropicMessages>

extension LLMProvider where Self == AnthropicProvider {
    /// A model of Anthropic's.
    public static func anthropic(
        _ model: String, credential: Credential = .environment("ANTHROPIC_API_KEY"),
        transport: some HTTPTransport = .standard
    ) -> Self {
        let endpoint = Endpoint(
            URL(string: "https://api.anthropic.com/v1")!, credential, authorization: .header("x-api-key"),
            transport: transport)
        return Self(ModelInfo(provider: "anthropic", model: model), AnthropicMessages(), at: endpoint)
    }
}
