import Apus
import ApusAgents
import ApusProviders
import CorpusKit
import Foundation
import Testing

/// Recorded answers over a real socket and the transport that a user gets who names none.
@Suite(.enabled(if: Corpus.isExpected)) struct ReplayTests {
    private let question = ChatRequest([.user("Hello")])

    @Test func `whole answers are those that come without a network`() async throws {
        let server = try ReplayServer.shared.get()
        let kinds = ReplayKind.all(.answers)
        for recording in kinds.flatMap(\.sample) {
            let vendor = try #require(ServedVendor.of(recording))
            let answer = try await vendor.chat(server.base(recording)).chat(question)
            #expect(try await answer == vendor.replayed(recording).chat.chat(question), "\(recording)")
        }
        #expect(kinds.count > 20)
    }

    @Test func `streams are those that come without a network, in chunks of any size`() async throws {
        let server = try ReplayServer.shared.get()
        let kinds = ReplayKind.all(.streams)
        for kind in kinds {
            for recording in kind.sample {
                try await expectSame(recording, server, [.one, .random(seed: 7), .close])
            }
            // Every byte is a chunk, so the shortest has to do.
            try await expectSame(try #require(kind.shortest), server, [.bytes])
        }
        #expect(kinds.count > 15)
    }

    private func expectSame(_ recording: Recording, _ server: ReplayServer, _ forms: [ReplayServer.Chunks]) async throws
    {
        let vendor = try #require(ServedVendor.of(recording))
        let expected = try await vendor.replayed(recording).chat.stream(question) { _ in }
        for chunks in forms {
            let received = Guarded(ChatAssembly())
            let answer = try await vendor.chat(server.base(recording, chunks)).stream(question) { event in
                received.withLock { $0.add(event) }
            }
            #expect(answer == expected, "\(recording), \(chunks)")
            #expect(received.withLock { $0.response } == expected, "\(recording), \(chunks)")
        }
    }

    @Test func `vectors are those that come without a network`() async throws {
        let server = try ReplayServer.shared.get()
        let kinds = ReplayKind.all(.vectors)
        for recording in kinds.flatMap(\.sample) {
            let vendor = try #require(ServedVendor.of(recording))
            let texts = recording.vectors.map { _ in "text" }
            let served = try await #require(vendor.embed(server.base(recording))).embed(texts)
            #expect(try await served == vendor.replayed(recording).embed?.embed(texts), "\(recording)")
        }
        #expect(kinds.count > 5)
    }

    @Test func `errors are those that come without a network`() async throws {
        let server = try ReplayServer.shared.get()
        let kinds = ReplayKind.all(.errors)
        for recording in kinds.flatMap(\.sample) {
            let vendor = try #require(ServedVendor.of(recording))
            let expected = await error(recording, vendor.replayed(recording).chat, vendor.replayed(recording).embed)
            let base = server.base(recording)
            let served = await error(recording, vendor.chat(base), vendor.embed(base))
            #expect(served == expected, "\(recording)")
            #expect(served?.status == recording.responseStatus, "\(recording)")
            #expect(served?.detail == expected?.detail, "\(recording)")
            #expect(served?.retryAfter == expected?.retryAfter, "\(recording)")
        }
        #expect(kinds.count > 10)
    }

    private func error(
        _ recording: Recording, _ model: any LLMProvider, _ embedder: (any EmbeddingProvider)?
    ) async -> LLMError? {
        await #expect(throws: LLMError.self, "\(recording)") {
            if recording.api == "embeddings", let embedder {
                _ = try await embedder.embed(["text"])
            } else if recording.isStream {
                _ = try await model.stream(question) { _ in }
            } else {
                _ = try await model.chat(question)
            }
        }
    }

    @Test func `the server ends with its input`() throws {
        let server = try ReplayServer()
        #expect(server.process.isRunning)
        server.close()
        server.process.waitUntilExit()
        #expect(server.process.terminationStatus == 0)
    }
}
