import Foundation

/// Writes records as lines.
///
/// Lines are handed on in blocks: when 32 KiB have gathered, after a record of the level warning or above, when a run ends, and by
/// ``flush()``. What has gathered when the process dies is lost.
public final class LogWriter: LogSink {
    public enum Format: Sendable, Hashable {
        /// An object a line.
        case json
        /// For a person.
        case readable
    }

    private let format: Format
    private let output: @Sendable ([UInt8]) -> Void
    private let lines = Guarded(LogLine())

    /// `output` gets whole lines, one block at a time.
    public init(_ format: Format, to output: @escaping @Sendable ([UInt8]) -> Void) {
        self.format = format
        self.output = output
    }

    public func log(_ record: LogRecord) {
        let isLast = record.level >= .warning || record.event.hasPrefix("run.")
        lines.withLock { lines in
            switch format {
            case .json: lines.json(record)
            case .readable: lines.readable(record)
            }
            // Under the lock, or blocks could change places.
            if isLast || lines.bytes.count >= 32_768 { lines.take(output) }
        }
    }

    public func flush() { lines.withLock { $0.take(output) } }
}

extension LogSink where Self == LogWriter {
    /// Lines on standard error.
    public static func standardError(_ format: LogWriter.Format) -> LogWriter {
        LogWriter(format) { try? FileHandle.standardError.write(contentsOf: Data($0)) }
    }
}

/// The bytes of lines that gather.
struct LogLine: Sendable {
    private(set) var bytes: [UInt8] = []
    private var clock = LogClock()

    mutating func take(_ output: ([UInt8]) -> Void) {
        guard !bytes.isEmpty else { return }
        output(bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func json(_ record: LogRecord) {
        append("{\"time\":\"")
        clock.append(record.instant, to: &bytes)
        append("\",\"level\":\"")
        append(record.level.rawValue)
        append("\",\"event\":\"")
        escape(record.event)
        append("\",\"message\":\"")
        escape(record.message)
        member("run", record.run?.value)
        member("graph", record.graph)
        if let activation = record.activation {
            append("\",\"node\":\"")
            append(activation, isJSON: true)
        }
        if let attempt = record.attempt { number("attempt", attempt) }
        if let duration = record.duration { number("duration_us", Int(duration.seconds * 1e6)) }
        if let trace = record.trace {
            append("\",\"trace_id\":\"")
            LowerHex.append(trace.trace.high, to: &bytes)
            LowerHex.append(trace.trace.low, to: &bytes)
            append("\",\"span_id\":\"")
            LowerHex.append(trace.span.value, to: &bytes)
        }
        member("error", record.error)
        for field in record.fields {
            append("\",\"")
            escape(field.name)
            append("\":\"")
            escape(field.value)
        }
        append("\"}\n")
    }

    mutating func readable(_ record: LogRecord) {
        clock.append(record.instant, to: &bytes)
        append(" ")
        append(record.level.rawValue.uppercased().padding(to: 8))
        plain(record.message)
        if let run = record.run { pair("run", run.value) }
        if let graph = record.graph { pair("graph", graph) }
        if let activation = record.activation { pair("node", activation.description) }
        if let attempt = record.attempt { pair("attempt", attempt.description) }
        if let duration = record.duration { pair("duration", "\(Int(duration.seconds * 1e6))us") }
        if let trace = record.trace { pair("trace", trace.trace.description) }
        if let error = record.error { pair("error", error) }
        for field in record.fields { pair(field.name, field.value) }
        append("\n")
    }

    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// A number, behind a member whose text is still open.
    private mutating func number(_ name: StaticString, _ value: Int) {
        append("\",\"")
        append(name)
        append("\":\"")
        append(value.description)
    }

    private mutating func member(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        append("\",\"")
        append(name)
        append("\":\"")
        escape(value)
    }

    private mutating func append(_ activation: ActivationID, isJSON: Bool) {
        for (position, step) in activation.path.enumerated() {
            if position > 0 { append("/") }
            escape(ActivationID.escaped(step.node))
            for (depth, round) in step.iterations.enumerated() {
                append(depth == 0 ? "#" : ".")
                append(round.description)
            }
            if let index = step.index {
                append("[")
                append(index.description)
                append("]")
            }
        }
    }

    private mutating func escape(_ text: String) {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) { return append(text) }
        for byte in text.utf8 {
            switch byte {
            case 0x22: append("\\\"")
            case 0x5C: append("\\\\")
            case 0x0A: append("\\n")
            case 0x0D: append("\\r")
            case 0x09: append("\\t")
            case 0..<0x20:
                append("\\u00")
                bytes.append(HexDigit.of(byte >> 4))
                bytes.append(HexDigit.of(byte & 15))
            default: bytes.append(byte)
            }
        }
    }

    private mutating func pair(_ name: String, _ value: String) {
        append(" ")
        plain(name)
        append("=")
        let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D && $0 != 0x7F }
        if isPlain { return append(value) }
        append("\"")
        escape(value)
        append("\"")
    }

    /// Text in which nothing ends the line or steers a terminal.
    private mutating func plain(_ text: String) {
        for byte in text.utf8 { bytes.append(byte < 0x20 || byte == 0x7F ? 0x20 : byte) }
    }
}

/// Writes moments as RFC 3339 has them, with milliseconds; the part up to the second is kept from one line to the next.
struct LogClock: Sendable {
    private var second = Int64.min
    private var text: [UInt8] = []

    mutating func append(_ instant: Instant, to bytes: inout [UInt8]) {
        let parts = instant.sinceEpoch.components
        var (seconds, rest) = (parts.seconds, parts.attoseconds / 1_000_000_000_000_000)
        if rest < 0 { (seconds, rest) = (seconds - 1, rest + 1_000) }
        if seconds != second {
            second = seconds
            text = Array(Self.text(of: seconds).utf8)
        }
        bytes.append(contentsOf: text)
        bytes.append(UInt8(ascii: "."))
        for place: Int64 in [100, 10, 1] { bytes.append(48 + UInt8(rest / place % 10)) }
        bytes.append(UInt8(ascii: "Z"))
    }

    private static func text(of seconds: Int64) -> String {
        let date = Date(timeIntervalSince1970: Double(seconds))
        let text = date.formatted(.iso8601)
        return text.hasSuffix("Z") ? String(text.dropLast()) : text
    }
}

extension LowerHex {
    static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        for place in 0..<16 {
            bytes.append(HexDigit.of(UInt8(truncatingIfNeeded: value >> UInt64(60 - place * 4)) & 15))
        }
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
