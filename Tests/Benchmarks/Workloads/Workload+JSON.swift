import Apus
import Foundation

extension Workload {
    /// Chunks of a streamed chat, parsed one by one, beside Foundation's parser.
    static let json = Workload("json") {
        let chunks = (0..<5_000).map { Array(chunk($0).utf8) }
        let data = chunks.map { Data($0) }
        let size = chunks.reduce(0) { $0 + $1.count }
        let times = try await Contest(rounds: 20).time {
            var words = 0
            for chunk in chunks {
                let delta = try JSON(parsing: chunk)["choices"]?[0]?["delta"]?["content"]
                if delta?.text != nil { words += 1 }
            }
            try MeasureError.expect(words, chunks.count)
        } against: {
            var objects = 0
            for chunk in data where try JSONSerialization.jsonObject(with: chunk) is [String: Any] { objects += 1 }
            try MeasureError.expect(objects, data.count)
        }
        let (apus, raw) = (times.first * 1_000 / Double(size), times.second * 1_000 / Double(size))
        // 150 MB/s.
        return [Figure(workload: "json", n: size, apus: apus, raw: raw, unit: "ns/byte", bars: [.apus(6.7)])]
    }

    private static func chunk(_ number: Int) -> String {
        """
        {"id":"chatcmpl-\(number)","object":"chat.completion.chunk","created":1730000000,"model":"a-model-2026-01-01",\
        "system_fingerprint":"fp_0123456789","choices":[{"index":0,"delta":{"content":" word \\"\(number)\\""},\
        "logprobs":null,"finish_reason":null}],"usage":null}
        """
    }
}
