import AsideKit
import CorpusKit
import Foundation
import Testing

/// What of the recorded traffic is decoded, as the page about providers shows it.
@Suite(.aside, .enabled(if: Corpus.isExpected)) struct CoverageTests {
    private struct Row {
        var whole = 0
        var streams = 0
        var calls = 0
        var reasoning = 0
        var vectors = 0
        var errors = 0

        mutating func count(_ recording: Recording, _ wire: Wire) {
            if recording.responseStatus >= 400 {
                errors += 1
            } else if recording.api == "embeddings" {
                vectors += 1
            } else {
                if recording.isStream { streams += 1 } else { whole += 1 }
                let walk = wire.walk(recording)
                calls += walk.calls.isEmpty ? 0 : 1
                reasoning += walk.reasoning.isEmpty ? 0 : 1
            }
        }
    }

    private static let names = [
        "openai": "OpenAI", "azure": "Azure OpenAI", "anthropic": "Anthropic", "gemini": "Gemini", "vertex": "Vertex",
        "cohere": "Cohere", "ollama": "Ollama", "groq": "Groq", "openrouter": "OpenRouter", "deepseek": "DeepSeek",
        "mistral": "Mistral", "xai": "xAI", "huggingface": "Hugging Face", "perplexity": "Perplexity",
        "other": "other servers", "voyage": "Voyage",
    ]

    private var supported: String {
        var rows: [String: Row] = [:]
        for recording in Recording.all {
            guard let wire = Wire.of(recording) else { continue }
            rows["\(Self.names[recording.file] ?? "") | \(wire.name)", default: Row()].count(recording, wire)
        }
        let head = """
            | provider | interface | whole answers | streams | with calls | with reasoning | vectors | errors |
            |---|---|---|---|---|---|---|---|
            """
        let lines = rows.sorted { $0.key < $1.key }.map { name, row in
            "| \(name) | \(row.whole) | \(row.streams) | \(row.calls) | \(row.reasoning) | \(row.vectors) | \(row.errors) |"
        }
        return ([head] + lines).joined(separator: "\n")
    }

    private var unsupported: String {
        var rows: [String: Int] = [:]
        for recording in Recording.all where Wire.of(recording) == nil {
            let place = recording.endpoint.prefix { $0 != "?" }.split(separator: "/").last ?? ""
            let api = recording.api == "responses" ? "responses, \(place)" : recording.api
            rows["\(Self.names[recording.file] ?? "") | \(api)", default: 0] += 1
        }
        let lines = rows.sorted { $0.key < $1.key }.map { "| \($0) | \($1) |" }
        return (["| provider | interface | recordings |", "|---|---|---|"] + lines).joined(separator: "\n")
    }

    @Test func `the page about providers shows what is decoded and what is not`() throws {
        print(supported)
        print(unsupported)
        let page = URL(filePath: #filePath).appending(path: "../../../../Documentation/Providers.md").standardized
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(text.contains(supported))
        #expect(text.contains(unsupported))
    }
}
