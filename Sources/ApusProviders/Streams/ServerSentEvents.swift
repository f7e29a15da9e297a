public import ApusAgents
import Foundation

/// A parser of `text/event-stream` that takes bytes in any chunks, as the WHATWG's HTML standard describes it.
///
/// A plain value: it holds the event that is under way and nothing else.
public struct ServerSentEvents: Sendable {
    /// The time to wait before reconnecting that the stream asked for last.
    public private(set) var retry: Duration?
    /// Data of one event above this many bytes is refused.
    public let eventLimit: Int

    private var lines: LineSplitter
    private var mark = ByteOrderMark()
    private var type = ""
    private var id = ""
    private var data: [UInt8] = []
    private var hasData = false

    public init(eventLimit: Int = HTTPLimits().event) {
        self.eventLimit = eventLimit
        lines = Self.splitter(eventLimit)
    }

    /// A line of data has its field's name before it.
    private static func splitter(_ limit: Int) -> LineSplitter { LineSplitter(limit: limit, slack: "data: ".count) }

    /// Reads on, and calls `emit` with each event that `bytes` completes.
    /// - Throws: `HTTPError` with the code `tooLarge` when an event is larger than ``eventLimit``; and what `emit` throws. No further use is
    ///   meant after that.
    public mutating func consume(_ bytes: [UInt8], _ emit: (ServerSentEvent) throws -> Void) throws {
        try bytes.withUnsafeBytes { try consume($0, emit) }
    }

    /// Reads on from memory that is valid during the call.
    public mutating func consume(
        _ bytes: UnsafeRawBufferPointer, _ emit: (ServerSentEvent) throws -> Void
    ) throws {
        var splitter = lines
        lines = Self.splitter(eventLimit)
        defer { lines = splitter }
        let rest = mark.strip(bytes)
        if rest.held > 0 {
            try ByteOrderMark.bytes.prefix(rest.held).withUnsafeBytes {
                try splitter.split($0) { try read($0, emit) }
            }
        }
        try splitter.split(rest.bytes) { try read($0, emit) }
    }

    /// Ends the stream and returns the event that no blank line ended: the standard drops it, some servers forget the line.
    public mutating func finish() -> ServerSentEvent? {
        var last: ServerSentEvent?
        let line = lines.finish()
        try? line.withUnsafeBytes { line in
            try read(line) { last = $0 }
            if !line.isEmpty || hasData { try read(UnsafeRawBufferPointer(start: nil, count: 0)) { last = $0 } }
        }
        self = ServerSentEvents(eventLimit: eventLimit)
        return last
    }

    private mutating func read(_ line: UnsafeRawBufferPointer, _ emit: (ServerSentEvent) throws -> Void) throws {
        guard let first = line.first else { return try dispatch(emit) }
        guard first != UInt8(ascii: ":") else { return }
        // Nearly every line: a name of four letters, known by its first.
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.count
        var value = UnsafeRawBufferPointer(rebasing: line[min(colon + 1, line.count)...])
        if value.first == UInt8(ascii: " ") { value = UnsafeRawBufferPointer(rebasing: value[1...]) }
        try take(value, of: String(decoding: line[..<colon], as: UTF8.self))
    }

    private mutating func take(_ value: UnsafeRawBufferPointer, of field: String) throws {
        switch field {
        case "data":
            guard data.count + value.count < eventLimit + (hasData ? 0 : 1) else {
                throw HTTPError(.tooLarge, limit: .event(eventLimit))
            }
            if hasData { data.append(10) }
            hasData = true
            data.append(contentsOf: value)
        case "event": type = String(decoding: value, as: UTF8.self)
        case "id": if !value.contains(0) { id = String(decoding: value, as: UTF8.self) }
        case "retry":
            let text = String(decoding: value, as: UTF8.self)
            if text.utf8.allSatisfy({ (48...57).contains($0) }), let wait = Int64(text) { retry = .milliseconds(wait) }
        default: break
        }
    }

    private mutating func dispatch(_ emit: (ServerSentEvent) throws -> Void) throws {
        defer { type = "" }
        guard hasData else { return }
        let event = ServerSentEvent(type: type.isEmpty ? "message" : type, data: data, id: id)
        data = []
        hasData = false
        try emit(event)
    }
}

/// The three bytes that may stand before a stream and are no part of it.
private struct ByteOrderMark {
    static let bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
    /// How many of them have come; `nil` once that is settled.
    private var seen: Int? = 0

    /// What follows the mark, and how many of its bytes turned out to belong to the text.
    mutating func strip(_ chunk: UnsafeRawBufferPointer) -> (held: Int, bytes: UnsafeRawBufferPointer) {
        guard let before = seen else { return (0, chunk) }
        var count = before
        var index = 0
        while index < chunk.count, count < 3, chunk[index] == Self.bytes[count] {
            count += 1
            index += 1
        }
        let rest = UnsafeRawBufferPointer(rebasing: chunk[index...])
        if count == 3 {
            seen = nil
            return (0, rest)
        }
        if index < chunk.count {
            seen = nil
            return (count, rest)
        }
        seen = count
        return (0, rest)
    }
}
