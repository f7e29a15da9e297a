import ApusAgents
import ApusProviders
import Testing

@Suite struct NDJSONTests {
    @Test(arguments: [1, 2, 3, 100])
    func `documents come out the same in any chunks`(_ size: Int) throws {
        var parser = NDJSON(lineLimit: 10)
        var found: [String] = []
        let text = Array("{\"a\":1}\r\n\n \n[2]\r3\n\"end\"".utf8)
        for start in stride(from: 0, to: text.count, by: size) {
            try parser.consume(Array(text[start..<min(start + size, text.count)])) {
                found.append(String(decoding: $0, as: UTF8.self))
            }
        }
        if let last = parser.finish() { found.append(String(decoding: last, as: UTF8.self)) }
        #expect(found == ["{\"a\":1}", "[2]", "3", "\"end\""])
    }

    @Test func `a line above the limit is refused, and the limit is named`() {
        var parser = NDJSON(lineLimit: 10)
        #expect(throws: HTTPError(.tooLarge, limit: .event(10))) {
            for _ in 0..<11 { try parser.consume([65]) { _ in } }
        }
    }
}
