/// Where a piece of work stands in a trace that may span many programs: the headers `traceparent` and `tracestate` of the W3C
/// recommendation Trace Context.
///
/// Coded it is an object of the two headers.
public struct TraceContext: Sendable, Hashable {
    public var trace: TraceID
    /// The work that others are a part of or follow.
    public var span: SpanID
    /// Whether who passed it on records the trace.
    public var isSampled: Bool
    public var state: TraceState

    public init(trace: TraceID, span: SpanID, isSampled: Bool, state: TraceState = TraceState()) {
        self.trace = trace
        self.span = span
        self.isSampled = isSampled
        self.state = state
    }

    /// Reads the headers; `nil` if `traceparent` is not there or not well-formed. A `tracestate` that is not well-formed is dropped
    /// as a whole. Of later versions than 00 it reads what 00 knows.
    public init?(traceparent: String?, tracestate: String? = nil) {
        guard let text = traceparent.map({ Array($0.utf8) }), text.count >= 55 else { return nil }
        guard let version = LowerHex.value(text[0..<2]), version != 0xFF else { return nil }
        if version == 0 ? text.count > 55 : text.count > 55 && text[55] != LowerHex.dash { return nil }
        guard text[2] == LowerHex.dash, text[35] == LowerHex.dash, text[52] == LowerHex.dash else { return nil }
        guard let high = LowerHex.value(text[3..<19]), let low = LowerHex.value(text[19..<35]) else { return nil }
        guard let span = LowerHex.value(text[36..<52]), let flags = LowerHex.value(text[53..<55]) else { return nil }
        guard high | low != 0, span != 0 else { return nil }
        self.init(
            trace: TraceID(high: high, low: low), span: SpanID(span), isSampled: flags & 1 == 1,
            state: tracestate.flatMap(TraceState.init) ?? TraceState())
    }

    /// The header `traceparent`.
    public var traceparent: String { "00-\(trace)-\(span)-\(isSampled ? "01" : "00")" }

    /// The header `tracestate`; `nil` where there is nothing to say.
    public var tracestate: String? { state.isEmpty ? nil : state.description }

    /// The same trace with other work.
    public func with(_ span: SpanID) -> TraceContext {
        TraceContext(trace: trace, span: span, isSampled: isSampled, state: state)
    }
}

extension TraceContext: Codable {
    private enum CodingKeys: String, CodingKey { case traceparent, tracestate }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let parent = try container.decode(String.self, forKey: .traceparent)
        let state = try container.decodeIfPresent(String.self, forKey: .tracestate)
        guard let context = TraceContext(traceparent: parent, tracestate: state) else {
            throw DecodingError.dataCorruptedError(
                forKey: .traceparent, in: container, debugDescription: "it is no traceparent")
        }
        self = context
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(traceparent, forKey: .traceparent)
        try container.encodeIfPresent(tracestate, forKey: .tracestate)
    }
}

/// The identity of a trace: 16 bytes that are not all zero.
public struct TraceID: Sendable, Hashable, CustomStringConvertible {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = high | low == 0 ? 1 : low
    }

    /// A random one.
    public init(from environment: some Environment) {
        self.init(high: environment.random(), low: environment.random())
    }

    /// 32 hexadecimal digits in lower case.
    public var description: String { LowerHex.text(high) + LowerHex.text(low) }

    public var bytes: [UInt8] { LowerHex.bytes(high) + LowerHex.bytes(low) }
}

/// The identity of a span in its trace: 8 bytes that are not all zero.
public struct SpanID: Sendable, Hashable, CustomStringConvertible {
    public let value: UInt64

    public init(_ value: UInt64) { self.value = value == 0 ? 1 : value }

    /// A random one.
    public init(from environment: some Environment) { self.init(environment.random()) }

    /// 16 hexadecimal digits in lower case.
    public var description: String { LowerHex.text(value) }

    public var bytes: [UInt8] { LowerHex.bytes(value) }
}

/// Hexadecimal digits as Trace Context wants them: in lower case.
enum LowerHex {
    static let dash = UInt8(ascii: "-")

    static func value(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            switch digit {
            case 48...57: value = value << 4 | UInt64(digit - 48)
            case 97...102: value = value << 4 | UInt64(digit - 87)
            default: return nil
            }
        }
        return value
    }

    static func text(_ value: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            for place in 0..<16 {
                buffer[place] = HexDigit.of(UInt8(truncatingIfNeeded: value >> UInt64(60 - place * 4)) & 15)
            }
            return 16
        }
    }

    static func bytes(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - $0 * 8)) }
    }
}
