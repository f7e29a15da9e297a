import ApusAgents
import ApusProviders
import CorpusKit
import Foundation
import Testing

@Suite struct ServerSentEventsTests {
    private func events(_ text: String, limit: Int = 1_000) throws -> [ServerSentEvent] {
        var parser = ServerSentEvents(eventLimit: limit)
        var events: [ServerSentEvent] = []
        try parser.consume(Array(text.utf8)) { events.append($0) }
        return events
    }

    @Test func `names, ids and data belong to the event that a blank line ends`() throws {
        let found = try events("event: greeting\nid: 7\ndata: a\ndata: b\n\ndata:c\n\ndata: lost\n")
        #expect(
            found == [
                ServerSentEvent(type: "greeting", data: Array("a\nb".utf8), id: "7"),
                ServerSentEvent(data: Array("c".utf8), id: "7"),
            ])
    }

    @Test func `comments and unknown fields are passed over`() throws {
        #expect(try events(": OPENROUTER PROCESSING\n\nfoo: bar\ndata: x\r\n\r\n").map(\.text) == ["x"])
    }

    @Test func `the stream says how long to wait before the next try`() throws {
        var parser = ServerSentEvents()
        try parser.consume(Array("retry: 2500\nretry: soon\n\n".utf8)) { _ in }
        #expect(parser.retry == .milliseconds(2_500))
    }

    @Test func `what no blank line ended is there on request`() throws {
        var parser = ServerSentEvents()
        try parser.consume(Array("data: a\n\ndata: b".utf8)) { #expect($0.text == "a") }
        #expect(parser.finish()?.text == "b")
        #expect(parser.finish() == nil)
    }

    @Test(arguments: ["data: 123456789\n\n", "data: 1234\ndata: 5678\n\n", "1234567890123456789012345"])
    func `an event above the limit is refused, and the limit is named`(_ text: String) {
        #expect(throws: HTTPError(.tooLarge, limit: .event(8))) { try events(text, limit: 8) }
        #expect(throws: Never.self) { try events("data: 12345678\n\ndata: 12\ndata: 34567\n\n", limit: 8) }
    }

    @Test(.enabled(if: Corpus.isExpected))
    func `the standard's cases give the same events in their own chunks and byte by byte`() throws {
        let cases = try Corpus.lines(of: "vectors/sse.jsonl.gz", as: Case.self)
        #expect(cases.count == 88)
        for item in cases {
            let chunks = item.chunksB64.map { [UInt8](Data(base64Encoded: $0) ?? Data()) }
            for chunks in [chunks, chunks.joined().map { [$0] }, [Array(chunks.joined())]] {
                var parser = ServerSentEvents()
                var events: [ServerSentEvent] = []
                for chunk in chunks { try parser.consume(chunk) { events.append($0) } }
                let expected = item.expected.map {
                    ServerSentEvent(type: $0.type, data: Array($0.data.utf8), id: $0.id)
                }
                #expect(events == expected, "\(item.name), \(chunks.count) chunks")
            }
        }
    }

    private struct Case: Decodable {
        struct Event: Decodable {
            var type: String
            var data: String
            var id: String
        }
        var name: String
        var chunksB64: [String]
        var expected: [Event]
    }
}
