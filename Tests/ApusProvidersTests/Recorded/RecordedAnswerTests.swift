import Apus
import ApusAgents
import ApusProviders
import AsideKit
import CorpusKit
import Foundation
import Testing

@Suite(.aside, .enabled(if: Corpus.isExpected)) struct RecordedAnswerTests {
    private static let good = Recording.all.filter { $0.responseStatus == 200 && $0.api != "embeddings" }
    private let request = ChatRequest([.user("Hello")])

    @Test func `the recordings are there`() {
        #expect(Self.good.count > 1_900)
    }

    @Test func `whole answers say what a plain walk over them finds`() async throws {
        var count = 0
        for recording in Self.good where !recording.isStream {
            guard let wire = Wire.of(recording) else { continue }
            let response = try await wire.provider(ReplayTransport(recording: recording)).chat(request)
            #expect(Walk(response) == wire.walk(recording), "\(recording)")
            count += 1
        }
        #expect(count > 1_500)
    }

    @Test func `streams say the same whole, byte by byte and in random chunks`() async throws {
        var count = 0
        for recording in Self.good where recording.isStream && !recording.breaksOff {
            guard let wire = Wire.of(recording) else { continue }
            let framing: StreamFraming? = recording.bodyKind == "json" ? .array : nil
            let expected = wire.walk(recording)
            var bytewise = wire.open(framing)
            for byte in recording.bytes { try bytewise.consume([byte]) { _ in } }
            let whole = try bytewise.finish { _ in }
            #expect(Walk(whole) == expected, "\(recording)")
            if framing == nil {
                let received = Guarded(ChatAssembly())
                let transport = ReplayTransport(recording: recording, seed: 7 + UInt64(count))
                let streamed = try await wire.provider(transport).stream(request) { event in
                    received.withLock { $0.add(event) }
                }
                #expect(streamed == whole, "\(recording)")
                #expect(received.withLock { $0.response } == whole, "\(recording)")
            }
            count += 1
        }
        #expect(count > 190)
    }

    @Test func `a stream cut at the end of any event is an error with what had come`() throws {
        var cuts = 0
        for recording in Self.good where recording.isStream && !recording.breaksOff {
            guard let wire = Wire.of(recording) else { continue }
            var stream = wire.open(recording.bodyKind == "json" ? .array : nil)
            var assembly = ChatAssembly()
            let bytes = recording.bytes
            var start = 0
            for end in [0] + recording.boundaries {
                try stream.consume(Array(bytes[start..<end])) { assembly.add($0) }
                start = end
                guard !stream.isComplete else { break }
                var cut = stream
                do {
                    _ = try cut.finish { _ in }
                    Issue.record("\(recording) was not cut at \(end)")
                } catch let error as LLMError {
                    #expect(error == LLMError(.cutStream, Wire.info))
                    #expect(error.partial == assembly.response)
                    cuts += 1
                }
            }
            // The end is the vendor's last word: before it there is no whole, and with it there is.
            #expect(stream.isComplete, "\(recording)")
        }
        #expect(cuts > 5_000)
    }

    @Test func `what another library keeps for its tests says what a plain walk finds`() async throws {
        let fixtures = Fixture.all.compactMap(\.recording)
        for recording in fixtures {
            let wire = try #require(Wire.of(recording))
            let provider = wire.provider(ReplayTransport(recording: recording, seed: 3))
            do {
                let response =
                    try await recording.isStream
                    ? provider.stream(request) { _ in } : provider.chat(request)
                #expect(Walk(response) == wire.walk(recording), "\(recording)")
            } catch {
                Issue.record("\(recording): \(error)")
            }
        }
        #expect(fixtures.count > 80)
    }

    @Test func `an error in the middle of a stream is that error, with what had come`() throws {
        let codes: [String: LLMError.Code] = [
            "groq": .malformedAnswer, "openrouter": .contextTooLong, "cohere": .malformedAnswer,
        ]
        var found: [String] = []
        for recording in Self.good where recording.isStream && recording.breaksOff {
            var stream = try #require(Wire.of(recording)).open(nil)
            var assembly = ChatAssembly()
            let error = #expect(throws: LLMError.self) {
                try stream.consume(recording.bytes) { assembly.add($0) }
            }
            #expect(error?.code == codes[recording.file])
            #expect(error?.partial == assembly.response)
            found.append(recording.file)
        }
        #expect(found.sorted() == ["cohere", "groq", "openrouter"])
    }
}

extension Recording {
    /// Whether the vendor ends the stream with an error.
    var breaksOff: Bool {
        responseBody.contains("data: {\"error\"") || responseBody.contains("\"error\":{\"code\"")
            || responseBody.contains("\"finish_reason\":\"ERROR\"")
    }
}
