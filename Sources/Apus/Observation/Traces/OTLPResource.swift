/// What spans are of: the program that made them.
public struct OTLPResource: Sendable, Hashable {
    public var attributes: [SpanAttribute]

    /// `service` is OpenTelemetry's `service.name`.
    public init(service: String, version: String? = nil, instance: String? = nil, _ more: [SpanAttribute] = []) {
        attributes = [SpanAttribute(name: "service.name", value: .text(service))]
        if let version { attributes.append(.init(name: "service.version", value: .text(version))) }
        if let instance { attributes.append(.init(name: "service.instance.id", value: .text(instance))) }
        attributes += more
    }
}

/// How a request of the OpenTelemetry protocol is written.
public enum OTLPEncoding: String, Sendable, Hashable, CaseIterable {
    case protobuf = "application/x-protobuf"
    case json = "application/json"

    /// The body of a request that hands spans over.
    public func body(_ spans: [Span], of resource: OTLPResource) -> [UInt8] {
        switch self {
        case .protobuf: ProtobufWriter.traces(spans, resource)
        case .json: OTLPJSON.traces(spans, resource).bytes
        }
    }
}

extension Instant {
    /// Since 1970-01-01T00:00:00Z.
    var unixNanoseconds: UInt64 {
        let parts = sinceEpoch.components
        return UInt64(clamping: parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000)
    }
}

extension TraceContext {
    /// OTLP's flags of spans and links.
    var flags: UInt32 { isSampled ? 1 : 0 }
}

/// Who makes the spans.
enum OTLPScope {
    static let name = "apus"
}
