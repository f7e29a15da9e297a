import Apus
import ApusAgents
import ApusProviders
import CorpusKit
import Foundation
import Testing

/// The encoders beside what the vendors' own libraries were recorded to send.
///
/// The lists name what stands in the vendors' documentation and in no recording.
@Suite(.enabled(if: Corpus.isExpected)) struct RecordedRequestTests {
    /// The paths of all members that recorded requests of an interface have.
    private func recorded(_ apis: [String], in files: [String]) throws -> Set<String> {
        var paths: Set<String> = []
        for file in files {
            for line in try Corpus.lines(of: "providers/\(file).jsonl.gz") {
                let recording = try JSON(parsing: line)
                if apis.contains(recording["api"]?.text ?? ""), let body = recording["request_json"] {
                    paths.formUnion(body.paths())
                }
            }
        }
        return paths
    }

    /// The paths of all members that a dialect sends and that are not `known`.
    private func unknown(
        _ dialect: some ChatDialect, _ requests: [ChatRequest], beside known: Set<String>
    ) throws -> [String] {
        var paths: Set<String> = []
        for (request, isStreamed) in requests.flatMap({ [($0, true), ($0, false)] }) {
            paths.formUnion(try dialect.call(request, to: "model", isStreamed: isStreamed).body.paths())
        }
        return paths.subtracting(known).sorted()
    }

    @Test func `what goes to OpenAI stands in recorded requests`() throws {
        let request = ChatRequest.everything(of: "openai")
        let requests = [request, request.with { ($0.stop, $0.seed, $0.reasoning) = (["END"], 7, .low) }]
        let known = try recorded(["chat.completions"], in: ["openai", "openrouter"])
        let openAIChat = try unknown(OpenAIChat(), requests, beside: known)
        #expect(openAIChat == [".seed"])
        let responses = [request, request.with { $0.reasoning = .low }]
        let others = try recorded(["responses"], in: ["openai", "azure", "xai"])
        let openAIResponses = try unknown(OpenAIResponses(), responses, beside: others)
        #expect(openAIResponses == [])
    }

    @Test func `what goes to Anthropic stands in recorded requests`() throws {
        let request = ChatRequest.everything(of: "anthropic")
        let requests = [
            request, request.with { ($0.stop, $0.reasoning) = (["END"], .tokens(1_024)) },
            request.with { $0.reasoning = .high },
        ]
        let known = try recorded(["messages"], in: ["anthropic"])
        let anthropicMessages = try unknown(AnthropicMessages(), requests, beside: known)
        #expect(anthropicMessages == [".top_p"])
    }

    @Test func `what goes to Google stands in recorded requests`() throws {
        let request = ChatRequest.everything(of: "gcp.gemini").with { $0.allowsParallelCalls = nil }
        let requests = [
            request, request.with { ($0.stop, $0.seed, $0.reasoning) = (["END"], 7, .tokens(100)) },
            request.with { $0.toolChoice = .tool("weather") },
        ]
        let known = try recorded(["generateContent", "streamGenerateContent"], in: ["gemini", "vertex"])
        let geminiContent = try unknown(GeminiContent(), requests, beside: known)
        #expect(geminiContent == [".generationConfig.thinkingConfig.thinkingBudget"])
    }

    @Test func `what goes to Cohere and Ollama stands in recorded requests`() throws {
        let request = ChatRequest.everything(of: "cohere").with { $0.allowsParallelCalls = nil }
        let known = try recorded(["cohere.v2.chat"], in: ["cohere"])
        let requests = [request, request.with { $0.reasoning = .tokens(100) }]
        let cohereChat = try unknown(CohereChat(), requests, beside: known)
        #expect(cohereChat == [".max_tokens", ".p", ".thinking.token_budget"])
        let local = request.with { $0.toolChoice = .auto }
        let others = try recorded(["ollama.chat"], in: ["ollama"])
        let ollamaChat = try unknown(OllamaChat(), [local], beside: others)
        #expect(
            ollamaChat == [
                ".messages.images", ".messages.thinking", ".messages.tool_calls", ".messages.tool_calls.function",
                ".messages.tool_calls.function.arguments", ".messages.tool_calls.function.name", ".messages.tool_name",
                ".options.num_predict", ".options.top_p",
            ])
    }
}
