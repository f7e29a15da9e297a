public import ApusAgents
import Foundation

/// A model of Cohere's.
public typealias CohereProvider = HTTPProvider<CohereChat>

extension LLMProvider where Self == CohereProvider {
    /// A model of Cohere's.
    public static func cohere(
        _ model: String, credential: Credential = .environment("COHERE_API_KEY"),
        transport: some HTTPTransport = .standard
    ) -> Self {
        Self(
            ModelInfo(provider: "cohere", model: model), CohereChat(),
            at: Endpoint(URL(string: "https://api.cohere.com/v2")!, credential, transport: transport))
    }
}
