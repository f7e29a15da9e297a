/// Writes messages of the OpenTelemetry protocol in protobuf's wire format.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    /// An `ExportTraceServiceRequest`.
    static func traces(_ spans: [Span], _ resource: OTLPResource) -> [UInt8] {
        var request = Self()
        request.message(1) { group in
            group.message(1) { message in
                for attribute in resource.attributes { message.attribute(1, attribute) }
            }
            group.message(2) { scope in
                scope.message(1) { $0.text(1, OTLPScope.name) }
                for span in spans { scope.message(2) { $0.span(span) } }
            }
        }
        return request.bytes
    }

    private mutating func span(_ span: Span) {
        data(1, span.context.trace.bytes)
        data(2, span.context.span.bytes)
        if let state = span.context.tracestate { text(3, state) }
        if let parent = span.parent { data(4, parent.bytes) }
        text(5, span.name)
        integer(6, UInt64(span.kind.number))
        fixed(7, span.start.unixNanoseconds)
        fixed(8, span.end.unixNanoseconds)
        for attribute in span.attributes { self.attribute(9, attribute) }
        for event in span.events {
            message(11) { message in
                message.fixed(1, event.instant.unixNanoseconds)
                message.text(2, event.name)
                for attribute in event.attributes { message.attribute(3, attribute) }
            }
        }
        for link in span.links {
            message(13) { message in
                message.data(1, link.trace.bytes)
                message.data(2, link.span.bytes)
                if let state = link.tracestate { message.text(3, state) }
                message.fixed32(6, link.flags)
            }
        }
        message(15) { message in
            if case .error(let words) = span.status { message.text(2, words) }
            if span.status.number > 0 { message.integer(3, UInt64(span.status.number)) }
        }
        fixed32(16, span.context.flags)
    }

    private mutating func attribute(_ field: UInt64, _ attribute: SpanAttribute) {
        message(field) { message in
            message.text(1, attribute.name)
            message.message(2) { $0.value(attribute.value) }
        }
    }

    private mutating func value(_ value: SpanAttribute.Value) {
        switch value {
        case .text(let text): data(1, Array(text.utf8))
        case .flag(let flag): integer(2, flag ? 1 : 0)
        case .integer(let number): integer(3, UInt64(bitPattern: Int64(number)))
        case .number(let number): fixed(4, number.bitPattern)
        case .texts(let texts):
            message(5) { list in
                for text in texts { list.message(1) { $0.data(1, Array(text.utf8)) } }
            }
        }
    }
}

// MARK: Wire types

extension ProtobufWriter {
    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func integer(_ field: UInt64, _ value: UInt64) {
        varint(field << 3)
        varint(value)
    }

    private mutating func fixed(_ field: UInt64, _ value: UInt64) {
        varint(field << 3 | 1)
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift))) }
    }

    private mutating func fixed32(_ field: UInt64, _ value: UInt32) {
        varint(field << 3 | 5)
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }

    private mutating func data(_ field: UInt64, _ value: [UInt8]) {
        varint(field << 3 | 2)
        varint(UInt64(value.count))
        bytes += value
    }

    private mutating func text(_ field: UInt64, _ value: String) {
        if !value.isEmpty { data(field, Array(value.utf8)) }
    }

    private mutating func message(_ field: UInt64, _ body: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        body(&inner)
        data(field, inner.bytes)
    }
}

extension Span.Kind {
    /// OTLP's number.
    var number: Int {
        switch self {
        case .internal: 1
        case .server: 2
        case .client: 3
        }
    }
}

extension Span.Status {
    /// OTLP's number.
    var number: Int {
        switch self {
        case .unset: 0
        case .ok: 1
        case .error: 2
        }
    }
}
