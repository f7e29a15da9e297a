import Apus
import ApusAgents
import ApusProviders
import CorpusKit
import Testing

@Suite(.enabled(if: Corpus.isExpected)) struct DamagedAnswerTests {
    /// Bytes of a recording with some of them changed, or with a number made as large as numbers get.
    private func damaged(_ recording: Recording, _ state: inout UInt64) -> Recording {
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(bound, 1)
        }
        var bytes = recording.bytes
        guard !bytes.isEmpty else { return recording }
        if next(2) == 0 {
            for _ in 0...next(4) { bytes[next(bytes.count)] = UInt8(next(256)) }
        } else {
            let start = next(bytes.count)
            let isDigit = { (byte: UInt8) in (48...57).contains(byte) }
            if let first = bytes[start...].firstIndex(where: isDigit) {
                let end = bytes[first...].firstIndex { !isDigit($0) } ?? bytes.count
                let huge = ["9223372036854775807", "-9223372036854775808", "1e400", "null"][next(4)]
                bytes.replaceSubrange(first..<end, with: Array(huge.utf8))
            }
        }
        var copy = recording
        copy.responseBody = String(decoding: bytes, as: UTF8.self)
        return copy
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `a damaged answer is an answer or an error of the model`(_ seed: UInt64) async throws {
        var state = seed
        var errors = 0
        var count = 0
        let small = Recording.all.filter { $0.api != "embeddings" && $0.responseBody.utf8.count < 20_000 }
        for recording in small.enumerated().filter({ $0.offset % 5 == Int(seed) }).map(\.element) {
            guard let wire = Wire.of(recording) else { continue }
            let provider = wire.provider(ReplayTransport(recording: damaged(recording, &state)))
            count += 1
            do {
                let request = ChatRequest([.user("Hello")])
                _ =
                    try await recording.isStream
                    ? provider.stream(request) { _ in } : provider.chat(request)
            } catch is LLMError {
                errors += 1
            } catch {
                Issue.record("\(recording), seed \(seed): \(error)")
            }
        }
        #expect(count > 200, "seed \(seed)")
        #expect(errors > 20, "seed \(seed)")
    }
}
