import ApusProviders
import Foundation

extension Workload {
    /// A stream of 100 MB, as chat completions send it, in chunks of 16 kB; raw Swift copies the same bytes chunk by chunk.
    static let sseParse = Workload("sse-parse") {
        let piece =
            #"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":"#
            + #"{"content":" the common swift stays in the air for ten months"},"finish_reason":null}]}"# + "\n\n"
        let events = 100_000_000 / piece.utf8.count
        // As many events as fill whole chunks, sent over and over: the chunks' ends fall everywhere in an event.
        let period = [UInt8](String(repeating: piece, count: 16_384).utf8)
        let chunks = stride(from: 0, to: period.count, by: 16_384).map { Array(period[$0..<$0 + 16_384]) }
        let rounds = events / 16_384 + 1
        let megabytes = Double(rounds * period.count) / 1_000_000
        var grown = 0.0
        let times = try await Contest(rounds: 3).time {
            var parser = ServerSentEvents()
            var count = 0
            for chunk in chunks { try parser.consume(chunk) { _ in count += 1 } }
            let before = try Probe.residentBytes()
            for _ in 1..<rounds { for chunk in chunks { try parser.consume(chunk) { _ in count += 1 } } }
            grown = max(grown, try Probe.residentBytes() - before)
            try MeasureError.expect(count, rounds * 16_384)
        } against: {
            var total = 0
            for _ in 0..<rounds { for chunk in chunks { total += Array(chunk[1...]).count } }
            try MeasureError.expect(total, rounds * (period.count - chunks.count))
        }
        return [
            Figure(
                workload: "sse-parse", n: Int(megabytes), apus: times.first / megabytes / 1_000,
                raw: times.second / megabytes / 1_000, unit: "ms/MB", bars: [.apus(5)]),
            Figure(
                workload: "sse-memory", n: Int(megabytes), apus: grown / 1_000_000, raw: 1, unit: "MB",
                bars: [.apus(1)]),
        ]
    }
}
