import Apus
import ApusAgents
import ApusProviders
import CorpusKit
import Foundation
import Testing

@Suite(.enabled(if: Corpus.isExpected)) struct RecordedErrorTests {
    /// What a person who reads the body would say, by telling words first and the status else.
    private func expected(_ recording: Recording) -> LLMError.Code {
        let words: [(String, LLMError.Code)] = [
            ("context window", .contextTooLong), ("maximum number of tokens", .contextTooLong),
            ("total length of all messages", .contextTooLong), ("model_not_found", .notFound),
            ("API key not valid", .authentication), ("tool_use_failed", .malformedAnswer),
        ]
        if let (_, code) = words.first(where: { recording.responseBody.contains($0.0) }) { return code }
        switch recording.responseStatus {
        case 401: return .authentication
        case 404: return .notFound
        case 429: return .rateLimited
        default: return .invalidRequest
        }
    }

    /// The vendor's words, wherever they stand.
    private func words(_ recording: Recording) -> String {
        let body = try? JSONSerialization.jsonObject(with: Data(recording.bytes))
        let error = at(body, 0, "error") ?? at(body, "error") ?? body
        return (at(error, "message") ?? at(error, "detail") ?? error) as? String ?? ""
    }

    @Test func `every error says what to do, with the vendor's status and words`() async throws {
        var count = 0
        for recording in Recording.all where recording.responseStatus >= 400 {
            guard let wire = Wire.of(recording) else { continue }
            let transport = ReplayTransport(recording: recording)
            let error = await #expect(throws: LLMError.self) {
                if recording.api == "embeddings", let embedder = wire.embedder {
                    _ = try await embedder(transport).embed(["text"])
                } else if recording.isStream {
                    _ = try await wire.provider(transport).stream(ChatRequest([.user("Hello")])) { _ in }
                } else {
                    _ = try await wire.provider(transport).chat(ChatRequest([.user("Hello")]))
                }
            }
            #expect(error?.code == expected(recording), "\(recording) \(recording.responseBody)")
            #expect(error?.status == recording.responseStatus)
            #expect(error?.detail == words(recording), "\(recording)")
            if recording.file == "azure" { #expect(error?.retryAfter == .seconds(1)) }
            count += 1
        }
        #expect(count > 30)
    }

    @Test func `vectors are those that a plain walk finds`() async throws {
        var count = 0
        for recording in Recording.all where recording.api == "embeddings" && recording.responseStatus == 200 {
            guard let embedder = Wire.of(recording)?.embedder else { continue }
            let rows = recording.vectors
            // As many texts are asked for as the recording has vectors.
            let transport = ReplayTransport(recording: recording)
            let found = try await embedder(transport).embed(rows.map { _ in "text" })
            #expect(found.vectors == rows, "\(recording)")
            #expect(found.usage.inputTokens == tokens(recording), "\(recording)")
            count += 1
        }
        #expect(count > 50)
    }

    private func tokens(_ recording: Recording) -> Int {
        let body = try? JSONSerialization.jsonObject(with: Data(recording.bytes))
        let statistics = list(body, "predictions").map { count($0, "embeddings", "statistics", "token_count") }
        return count(body, "usage", "prompt_tokens") + count(body, "usageMetadata", "promptTokenCount")
            + count(body, "meta", "billed_units", "input_tokens") + statistics.reduce(0, +)
    }
}
