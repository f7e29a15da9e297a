import Foundation

/// Writes moments as RFC 3339 has them, with milliseconds; the part up to the second is kept from one line to the next.
struct LogClock: Sendable {
    private var second = Int64.min
    private var text: [UInt8] = []

    mutating func append(_ instant: Instant, to bytes: inout ByteBlock) {
        let parts = instant.sinceEpoch.components
        var (seconds, rest) = (parts.seconds, parts.attoseconds / 1_000_000_000_000_000)
        if rest < 0 { (seconds, rest) = (seconds - 1, rest + 1_000) }
        if seconds != second {
            second = seconds
            text = Array(Self.text(of: seconds).utf8)
        }
        text.withUnsafeBufferPointer { bytes.append($0) }
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
