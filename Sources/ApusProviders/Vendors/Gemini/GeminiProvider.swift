public import ApusAgents
import Foundation

/// A model of Google's.
public typealias GeminiProvider = HTTPProvider<GeminiContent>

extension LLMProvider where Self == GeminiProvider {
    /// A model of Google's by the Gemini API.
    public static func gemini(
        _ model: String, credential: Credential = .environment("GEMINI_API_KEY"),
        transport: some HTTPTransport = .standard
    ) -> Self {
        let endpoint = Endpoint(
            URL(string: "https://generativelanguage.googleapis.com/v1beta")!, credential,
            authorization: .header("x-goog-api-key"), transport: transport)
        return Self(ModelInfo(provider: "gcp.gemini", model: model), GeminiContent(.gemini), at: endpoint)
    }

    /// A model of Google's by Vertex.
    /// - Parameters:
    ///   - location: a region, or `global`.
    ///   - token: an access token; it is asked for with each request, so it may expire.
    public static func vertex(
        _ model: String, project: String, location: String = "global", token: Credential,
        transport: some HTTPTransport = .standard
    ) -> Self {
        let host = location == "global" ? "aiplatform.googleapis.com" : "\(location)-aiplatform.googleapis.com"
        let base = URL(string: "https://\(host)")!.appending(path: "v1/projects/\(project)/locations/\(location)")
        return Self(
            ModelInfo(provider: "gcp.vertex_ai", model: model), GeminiContent(.vertex),
            at: Endpoint(base, token, transport: transport))
    }
}
