import ApusAgents
import Foundation

/// Cuts bytes that come in any chunks into lines that end with LF, CR or CRLF.
///
/// A line within one chunk is handed out without a copy; only what a chunk leaves unfinished is kept.
struct LineSplitter: Sendable {
    /// What came of the line that no chunk has ended yet.
    private(set) var pending: [UInt8] = []
    /// Whether the last byte was a CR, so that an LF right after it ends no second line.
    private var isAfterReturn = false

    private static let lineFeed: UInt8 = 10
    private static let carriageReturn: UInt8 = 13

    /// The longest event, and what a line may have beyond it.
    private let limit: Int
    private let slack: Int

    init(limit: Int, slack: Int = 0) {
        self.limit = limit
        self.slack = slack
    }

    /// Calls `body` with each line that `bytes` ends, without its end.
    /// - Throws: `HTTPError` with the code `tooLarge` when a line grows beyond the limit; and what `body` throws.
    mutating func split(
        _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var start = 0
        if isAfterReturn, let first = bytes.first {
            isAfterReturn = false
            if first == Self.lineFeed { start = 1 }
        }
        var ends = LineEnds(bytes, from: start)
        while let end = ends.next(from: start) {
            try emit(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), body)
            start = end + 1
            guard bytes[end] == Self.carriageReturn else { continue }
            if start == bytes.count {
                isAfterReturn = true
            } else if bytes[start] == Self.lineFeed {
                start += 1
            }
        }
        try check(pending.count + bytes.count - start)
        if start < bytes.count { pending.append(contentsOf: bytes[start...]) }
    }

    /// The line that nothing ended, and a fresh start.
    mutating func finish() -> [UInt8] {
        defer { self = LineSplitter(limit: limit, slack: slack) }
        return pending
    }

    private mutating func emit(
        _ line: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try check(pending.count + line.count)
        if pending.isEmpty { return try body(line) }
        pending.append(contentsOf: line)
        try pending.withUnsafeBytes(body)
        pending.removeAll(keepingCapacity: true)
    }

    private func check(_ count: Int) throws {
        if count > limit + slack { throw HTTPError(.tooLarge, limit: .event(limit)) }
    }
}

/// Where the lines of a chunk end; every byte is looked at a constant number of times.
private struct LineEnds {
    private let bytes: UnsafeRawBufferPointer
    /// The next LF; `count` if there is none.
    private var feed: Int

    init(_ bytes: UnsafeRawBufferPointer, from start: Int) {
        self.bytes = bytes
        feed = Self.find(10, in: bytes, start..<bytes.count) ?? bytes.count
    }

    mutating func next(from start: Int) -> Int? {
        if feed < start { feed = Self.find(10, in: bytes, start..<bytes.count) ?? bytes.count }
        if let end = Self.find(13, in: bytes, start..<feed) { return end }
        return feed < bytes.count ? feed : nil
    }

    private static func find(_ byte: Int32, in bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
        guard !range.isEmpty, let base = bytes.baseAddress,
            let found = memchr(base + range.lowerBound, byte, range.count)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
