/// Messages of the OpenTelemetry protocol in its own JSON: identities in hexadecimal, 64-bit numbers as text.
enum OTLPJSON {
    /// An `ExportTraceServiceRequest`.
    static func traces(_ spans: [Span], _ resource: OTLPResource) -> JSON {
        let scope: JSON = ["scope": ["name": .string(OTLPScope.name)], "spans": .array(spans.map(json))]
        return [
            "resourceSpans": [["resource": ["attributes": json(resource.attributes)], "scopeSpans": [scope]]]
        ]
    }

    private static func json(_ span: Span) -> JSON {
        var members: [(key: String, value: JSON)] = [
            ("traceId", .string("\(span.context.trace)")), ("spanId", .string("\(span.context.span)")),
        ]
        if let state = span.context.tracestate { members.append(("traceState", .string(state))) }
        if let parent = span.parent { members.append(("parentSpanId", .string("\(parent)"))) }
        members += [
            ("flags", .integer(Int64(span.context.flags))), ("name", .string(span.name)),
            ("kind", .integer(Int64(span.kind.number))),
            ("startTimeUnixNano", .string("\(span.start.unixNanoseconds)")),
            ("endTimeUnixNano", .string("\(span.end.unixNanoseconds)")), ("attributes", json(span.attributes)),
            ("events", .array(span.events.map(json))), ("links", .array(span.links.map(json))),
            ("status", json(span.status)),
        ]
        return .object(JSON.Object(members))
    }

    private static func json(_ event: Span.Event) -> JSON {
        [
            "timeUnixNano": .string("\(event.instant.unixNanoseconds)"), "name": .string(event.name),
            "attributes": json(event.attributes),
        ]
    }

    private static func json(_ link: TraceContext) -> JSON {
        var members: [(key: String, value: JSON)] = [
            ("traceId", .string("\(link.trace)")), ("spanId", .string("\(link.span)")),
            ("flags", .integer(Int64(link.flags))),
        ]
        if let state = link.tracestate { members.append(("traceState", .string(state))) }
        return .object(JSON.Object(members))
    }

    private static func json(_ status: Span.Status) -> JSON {
        if case .error(let words) = status { return ["code": 2, "message": .string(words)] }
        return status == .ok ? ["code": 1] : [:]
    }

    private static func json(_ attributes: [SpanAttribute]) -> JSON {
        .array(attributes.map { ["key": .string($0.name), "value": json($0.value)] })
    }

    private static func json(_ value: SpanAttribute.Value) -> JSON {
        switch value {
        case .text(let text): ["stringValue": .string(text)]
        case .flag(let flag): ["boolValue": .bool(flag)]
        case .integer(let number): ["intValue": .string("\(number)")]
        case .number(let number): ["doubleValue": .number(number)]
        case .texts(let texts):
            ["arrayValue": ["values": .array(texts.map { ["stringValue": .string($0)] })]]
        }
    }
}
