import Apus
import ApusAgents
import ApusProviders
import CorpusKit
import Foundation
import Testing

/// What goes wrong on the way, over a real socket and the transport that a user gets who names none.
@Suite(.enabled(if: Corpus.isExpected)) struct ReplayFaultTests {
    private let question = ChatRequest([.user("Hello")])

    /// A stream of each vendor's interface, and its first half.
    private static let halves: [(recording: Recording, half: Recording)] = {
        ReplayKind.all(.streams).compactMap { kind -> (recording: Recording, half: Recording)? in
            guard let recording = kind.recordings.first(where: { $0.boundaries.count > 8 }) else { return nil }
            var half = recording
            let end = recording.boundaries[recording.boundaries.count / 2]
            half.responseBody = String(decoding: recording.bytes[..<end], as: UTF8.self)
            return (recording, half)
        }
    }()

    /// What half a stream is without a network: its error, and the number of pieces.
    private func expected(_ half: Recording, _ vendor: ServedVendor) async throws -> (LLMError, Int) {
        let pieces = Guarded(0)
        let error = await #expect(throws: LLMError.self, "\(half)") {
            try await vendor.replayed(half).chat.stream(question) { _ in pieces.withLock { $0 += 1 } }
        }
        let count = pieces.withLock { $0 }
        try #require(count > 0, "\(half)")
        return (try #require(error), count)
    }

    @Test func `a connection that ends in the middle of a stream leaves what had come`() async throws {
        let server = try ReplayServer.shared.get()
        for (recording, half) in Self.halves {
            let vendor = try #require(ServedVendor.of(recording))
            let (error, _) = try await expected(half, vendor)
            for chunks in [ReplayServer.Chunks.one, .random(seed: 5), .close] {
                let model = vendor.chat(server.base(recording, chunks, .end(half.bytes.count)))
                let served = await #expect(throws: LLMError.self) { try await model.stream(question) { _ in } }
                #expect(served == error, "\(recording), \(chunks)")
                #expect(served?.partial == error.partial, "\(recording), \(chunks)")
            }
        }
        #expect(Self.halves.count > 12)
    }

    @Test func `a connection that is reset in the middle of a stream leaves what had come`() async throws {
        let server = try ReplayServer.shared.get()
        for (recording, half) in Self.halves {
            let vendor = try #require(ServedVendor.of(recording))
            let (error, count) = try await expected(half, vendor)
            let fault = ReplayServer.Fault.reset(half.bytes.count, name: recording.id)
            let pieces = Guarded(0)
            let served = await #expect(throws: LLMError.self) {
                try await vendor.chat(server.base(recording, .one, fault)).stream(question) { _ in
                    // A reset overtakes what was not read, so it waits until all was.
                    guard
                        pieces.withLock({
                            $0 += 1; return $0 == count
                        })
                    else { return }
                    _ = try await vendor.transport.send(
                        HTTPRequest("GET", server.release(recording.id), limits: .patient))
                }
            }
            #expect(served == error, "\(recording)")
            #expect(served?.partial == error.partial, "\(recording)")
        }
    }

    @Test func `a connection that is reset before an answer is nobody's answer`() async throws {
        let server = try ReplayServer.shared.get()
        for (recording, _) in Self.halves {
            let model = try #require(ServedVendor.of(recording)).chat(server.base(recording, .one, .gone))
            let error = await #expect(throws: LLMError.self) { try await model.stream(question) { _ in } }
            #expect(error?.code == .unreachable, "\(recording)")
            #expect(error?.detail?.contains("firstByte") == false, "\(recording)")
        }
    }

    @Test func `a server that keeps silent, or falls silent, is left after the time of a limit, which is named`()
        async throws
    {
        let server = try ReplayServer.shared.get()
        for (recording, half) in Self.halves {
            let vendor = try #require(ServedVendor.of(recording))
            let late = HTTPLimits(firstByte: .milliseconds(20))
            let silent = await #expect(throws: LLMError.self) {
                try await vendor.chat(server.base(recording, .one, .silent), late).stream(question) { _ in }
            }
            #expect(silent?.code == .unreachable, "\(recording)")
            #expect(silent?.detail?.contains("firstByte") == true, "\(recording)")
            let stalling = server.base(recording, .one, .stall(half.bytes.count))
            let idle = HTTPLimits(idle: .milliseconds(20))
            let stalled = await #expect(throws: LLMError.self) {
                try await vendor.chat(stalling, idle).stream(question) { _ in }
            }
            #expect(stalled?.code == .cutStream, "\(recording)")
            #expect(stalled?.detail?.contains("idle") == true, "\(recording)")
        }
    }

    @Test func `a server that is busy says how long, and is asked again`() async throws {
        let server = try ReplayServer.shared.get()
        func retrying(_ model: some LLMProvider) -> any LLMProvider {
            model.retrying(RetryPolicy(attempts: 3, backoff: .constant(.milliseconds(1))))
        }
        for (recording, _) in Self.halves {
            let vendor = try #require(ServedVendor.of(recording))
            for (status, code) in [(503, LLMError.Code.overloaded), (429, .rateLimited), (529, .overloaded)] {
                let model = vendor.chat(server.base(recording, .one, .status(status, retryAfter: 7)))
                let error = await #expect(throws: LLMError.self) { try await model.stream(question) { _ in } }
                #expect(error?.code == code, "\(recording), \(status)")
                #expect(error?.status == status)
                #expect(error?.retryAfter == .seconds(7), "\(recording), \(status)")
            }
            let busy = vendor.chat(server.base(recording, .one, .busy(2, name: recording.id)))
            let answer = try await retrying(busy).stream(question) { _ in }
            #expect(try await answer == vendor.replayed(recording).chat.stream(question) { _ in })
        }
    }
}
