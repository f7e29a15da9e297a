/// How the pieces of a streamed answer are told apart.
public enum StreamFraming: Sendable, Hashable {
    /// `text/event-stream`.
    case events
    /// One JSON document a line.
    case lines
    /// One JSON array, as it is written.
    case array

    /// What the server says it sends; `nil` if it sends a whole answer.
    static func named(by contentType: String?, or standard: Self) -> Self? {
        guard let type = contentType?.lowercased() else { return standard }
        if type.contains("event-stream") { return .events }
        if type.contains("ndjson") || type.contains("jsonl") || type.contains("stream+json") { return .lines }
        if type.contains("json") { return standard == .array ? .array : nil }
        return standard
    }
}

/// Cuts a streamed answer into its events, whatever its framing.
struct StreamSplitter: Sendable {
    // One of them is there. An enumeration would have them copied whenever they change.
    private var events: ServerSentEvents?
    private var lines: NDJSON?
    private var elements: JSONElements?

    init(_ framing: StreamFraming, eventLimit: Int) {
        switch framing {
        case .events: events = ServerSentEvents(eventLimit: eventLimit)
        case .lines: lines = NDJSON(lineLimit: eventLimit)
        case .array: elements = JSONElements(elementLimit: eventLimit)
        }
    }

    mutating func consume(_ bytes: [UInt8], _ emit: (WireEvent) throws -> Void) throws {
        try events?.consume(bytes) { try emit(WireEvent(type: $0.type, data: $0.data)) }
        try lines?.consume(bytes) { try emit(WireEvent(data: $0)) }
        try elements?.consume(bytes) { try emit(WireEvent(data: $0)) }
    }

    /// What was left unfinished.
    mutating func finish() -> WireEvent? {
        if let event = events?.finish() { return WireEvent(type: event.type, data: event.data) }
        return lines?.finish().map { WireEvent(data: $0) }
    }
}
