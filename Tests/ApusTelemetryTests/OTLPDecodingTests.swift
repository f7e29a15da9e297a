import Apus
import ApusTelemetry
import Foundation
import Testing

/// What OpenTelemetry's own library reads in our requests.
@Suite struct OTLPDecodingTests {
    static let isWanted = OutsideProgram.isWanted(OutsideProgram.python)

    private let resource = OTLPResource(service: "desk", version: "1.2", instance: "a")

    private var spans: [Span] {
        var state = TraceState()
        _ = state.put("rojo", "1")
        let context = TraceContext(
            trace: TraceID(high: 0x0102_0304_0506_0708, low: 0xF000_0000_0000_000F), span: SpanID(7), isSampled: true,
            state: state)
        let start = Instant(uptime: .seconds(5), sinceEpoch: .seconds(1_700_000_000) + .nanoseconds(123_456_789))
        var span = Span("run \"désk\"", context, parent: SpanID(.max), start: start)
        span.links = [context.with(SpanID(9))]
        span.set("text", .text(""))
        span.set("number", .number(-0.25))
        span.set("integer", .integer(-3))
        span.set("flag", .flag(true))
        span.set("texts", .texts(["a", ""]))
        span.events = [
            Span.Event(
                name: "asked", instant: start.advanced(by: .seconds(1)),
                attributes: [SpanAttribute(name: "question", value: .text("who?\n"))])
        ]
        span.finish(at: Instant(uptime: .seconds(8), sinceEpoch: .zero), .error("broke"))
        var plain = Span("chat", context.with(SpanID(8)), parent: nil, start: start)
        plain.kind = .client
        plain.finish(at: start, .ok)
        return [span, plain]
    }

    @Test(.enabled(if: isWanted))
    func `both encodings say the same, and all of it`() async throws {
        let lines = OTLPEncoding.allCases.map { encoding -> JSON in
            let body = Data(encoding.body(spans, of: resource)).base64EncodedString()
            return ["encoding": .string(encoding == .json ? "json" : "protobuf"), "body": .string(body)]
        }
        let rows = try await decoded(lines)
        #expect(rows.count == 2 && rows.first == rows.last)
        let span = try #require(rows.first?[0])
        #expect(rows.first?.elements?.count == 2)
        #expect(span["trace"] == "0102030405060708f00000000000000f" && span["span"] == "0000000000000007")
        #expect(span["parent"] == "ffffffffffffffff" && span["state"] == "rojo=1" && span["flags"] == 1)
        #expect(span["name"] == "run \"désk\"" && span["kind"] == 1)
        #expect(span["start"] == "1700000000123456789" && span["end"] == "1700000003123456789")
        #expect(
            span["attributes"]
                == ["text": "", "number": -0.25, "integer": -3, "flag": true, "texts": ["a", ""]])
        #expect(span["events"]?[0]?["attributes"] == ["question": "who?\n"])
        #expect(span["events"]?[0]?["time"] == "1700000001123456789")
        #expect(span["links"] == [["trace": "0102030405060708f00000000000000f", "span": "0000000000000009"]])
        #expect(span["status"] == [2, "broke"])
        #expect(
            span["resource"] == ["service.name": "desk", "service.version": "1.2", "service.instance.id": "a"])
        let plain = try #require(rows.first?[1])
        #expect(plain["parent"] == "" && plain["kind"] == 3 && plain["status"] == [1, ""])
    }

    private func decoded(_ lines: [JSON]) async throws -> [JSON] {
        let file = FileManager.default.temporaryDirectory.appending(path: "otlp-\(UUID().uuidString)")
        try Data(lines.map { $0.bytes + [10] }.joined()).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let script = OutsideProgram.root.appending(path: "Tests/VendorTypes/otlp.py")
        let (text, status) = try await OutsideProgram.output(
            of: OutsideProgram.python(), ["-B", script.path, file.path])
        try #require(status == 0, "\(text)")
        return try text.split(separator: "\n").map { try JSON(parsing: String($0)) }
    }
}
