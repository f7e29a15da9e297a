/// The lines that gather, as bytes.
struct LogLine: Sendable {
    private var block = ByteBlock()
    private var clock = LogClock()

    var count: Int { block.count }

    mutating func take(_ output: ([UInt8]) -> Void) {
        if block.count > 0 { output(block.take()) }
    }

    mutating func json(_ record: LogRecord) {
        append("{\"time\":\"")
        clock.append(record.instant, to: &block)
        append("\",\"level\":\"")
        append(record.level.rawValue)
        append("\",\"event\":\"")
        escape(record.event)
        append("\",\"message\":\"")
        escape(record.message)
        if let run = record.run { member("\",\"run\":\"", run.value) }
        if let graph = record.graph { member("\",\"graph\":\"", graph) }
        if let activation = record.activation {
            append("\",\"node\":\"")
            append(activation)
        }
        if let attempt = record.attempt { number("\",\"attempt\":\"", attempt) }
        if let duration = record.duration { number("\",\"duration_us\":\"", Int(duration.seconds * 1e6)) }
        if let trace = record.trace {
            append("\",\"trace_id\":\"")
            block.append(hex: trace.trace.high)
            block.append(hex: trace.trace.low)
            append("\",\"span_id\":\"")
            block.append(hex: trace.span.value)
        }
        if let error = record.error { member("\",\"error\":\"", error) }
        for field in record.fields {
            member("\",\"", field.name)
            member("\":\"", field.value)
        }
        append("\"}\n")
    }

    mutating func readable(_ record: LogRecord) {
        clock.append(record.instant, to: &block)
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
        block.append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { block.append($0) }
    }

    /// What stands between the value before and this one, and the value.
    private mutating func member(_ between: StaticString, _ value: String) {
        append(between)
        escape(value)
    }

    private mutating func number(_ between: StaticString, _ value: Int) {
        append(between)
        block.append(decimal: value)
    }

    private mutating func append(_ activation: ActivationID) {
        for (position, step) in activation.path.enumerated() {
            if position > 0 { append("/") }
            escape(ActivationID.escaped(step.node))
            for (depth, round) in step.iterations.enumerated() {
                append(depth == 0 ? "#" : ".")
                block.append(decimal: round)
            }
            if let index = step.index {
                append("[")
                block.append(decimal: index)
                append("]")
            }
        }
    }

    private mutating func escape(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var isPlain = true
            // Without a way out, so that many bytes are looked at together.
            for byte in bytes { isPlain = isPlain && byte >= 0x20 && byte != 0x22 && byte != 0x5C }
            if isPlain { block.append(bytes) } else { escape(bytes) }
        }
    }

    private mutating func escape(_ bytes: UnsafeBufferPointer<UInt8>) {
        for byte in bytes {
            switch byte {
            case 0x22: append("\\\"")
            case 0x5C: append("\\\\")
            case 0x0A: append("\\n")
            case 0x0D: append("\\r")
            case 0x09: append("\\t")
            case 0..<0x20:
                append("\\u00")
                block.append(HexDigit.of(byte >> 4))
                block.append(HexDigit.of(byte & 15))
            default: block.append(byte)
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
        for byte in text.utf8 { block.append(byte < 0x20 || byte == 0x7F ? 0x20 : byte) }
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
