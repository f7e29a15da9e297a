import Apus
import ApusAgents
import ApusProviders
import AsideKit
import CorpusKit
import Foundation
import Testing

/// Whatever a model was recorded to answer can be sent back to it.
@Suite(.aside, .enabled(if: Corpus.isExpected)) struct RecordedConversationTests {
    /// What vendors answer and their libraries have no type for as input.
    private let untyped = [
        "7157047408278194": "the kind of a source that a search of OpenAI's names",
        "7ad736506e073aef": "the same",
        "8cc9903352ccc9a5": "a call of Anthropic's connector for MCP, a beta",
        "f36d30a4fc07fc5c": "the same",
        "e304ce4a2d9f5eda": "the same",
    ]

    @Test func `a conversation goes on from every recorded answer, in its vendor's types`() async throws {
        var capture = Capture()
        for recording in Recording.all {
            guard let vendor = vendor(of: recording) else { continue }
            let question = ChatRequest([.user("Hello")])
            let model = vendor.chat(ReplayTransport(recording: recording))
            let answer =
                try await recording.isStream && recording.bodyKind != "json"
                ? model.stream(question) { _ in } : model.chat(question)
            try await capture.add("\(recording)", question.going(on: answer), of: vendor)
        }
        #expect(capture.refused == [:])
        let verdict = try await VendorTypes.check(capture.lines)
        var failed: Set<String> = []
        for (line, failures) in zip(capture.lines, verdict.failures) where !failures.isEmpty {
            let id = String(line.feature.split(separator: " ").last ?? "")
            failed.insert(id)
            #expect(untyped[id] != nil, "\(line.vendor), \(line.feature): \(failures.joined(separator: "; "))")
        }
        #expect(failed == Set(untyped.keys))
        #expect(capture.lines.count > 3_600)
    }

    /// Whose interface a good answer came over; `nil` for those that are not supported, and for Perplexity, whose streams end otherwise.
    private func vendor(of recording: Recording) -> Vendor? {
        guard let wire = Wire.of(recording), recording.responseStatus == 200, recording.api != "embeddings",
            !recording.breaksOff, recording.file != "perplexity"
        else { return nil }
        let names = [
            "openai": "OpenAI", "azure": "Azure OpenAI", "anthropic": "Anthropic", "gemini": "Gemini",
            "vertex": "Vertex", "cohere": "Cohere", "ollama": "Ollama", "groq": "Groq", "openrouter": "OpenRouter",
            "deepseek": "DeepSeek", "mistral": "Mistral", "xai": "xAI",
        ]
        let name = names[recording.file] ?? "other servers"
        let all = Vendor.all.filter { $0.name.hasPrefix(name) || $0.name.hasPrefix("other servers") }
        return all.first { $0.wire == wire.name }
    }
}

extension Vendor {
    /// The name of its interface as ``Wire`` has it.
    fileprivate var wire: String {
        switch interface.split(separator: ".").last {
        case "responses": "responses"
        case "generate": "generateContent"
        case "chat": interface == "cohere.chat" ? "chat v2" : interface == "ollama.chat" ? "chat" : "chat completions"
        default: "messages"
        }
    }
}
