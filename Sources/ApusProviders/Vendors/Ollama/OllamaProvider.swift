public import ApusAgents
public import Foundation

/// A model that Ollama runs.
public typealias OllamaProvider = HTTPProvider<OllamaChat>

extension LLMProvider where Self == OllamaProvider {
    /// A model that Ollama runs, by default on this machine.
    /// - Parameter base: what stands before `/chat`.
    public static func ollama(
        _ model: String, at base: URL = URL(string: "http://127.0.0.1:11434/api")!, credential: Credential = .none,
        transport: some HTTPTransport = .standard
    ) -> Self {
        Self(
            ModelInfo(provider: "ollama", model: model), OllamaChat(),
            at: Endpoint(base, credential, transport: transport))
    }
}
