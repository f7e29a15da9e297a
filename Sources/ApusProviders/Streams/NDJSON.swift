public import ApusAgents

/// A parser of JSON documents that stand one to a line, in any chunks; blank lines are passed over.
public struct NDJSON: Sendable {
    /// A line above this many bytes is refused.
    public let lineLimit: Int

    private var lines: LineSplitter

    public init(lineLimit: Int = HTTPLimits().event) {
        self.lineLimit = lineLimit
        lines = LineSplitter(limit: lineLimit)
    }

    /// Reads on, and calls `emit` with each document that `bytes` completes.
    /// - Throws: `HTTPError` with the code `tooLarge` when a line is longer than ``lineLimit``; and what `emit` throws.
    public mutating func consume(_ bytes: [UInt8], _ emit: ([UInt8]) throws -> Void) throws {
        try bytes.withUnsafeBytes { bytes in
            try lines.split(bytes) { line in
                if !Self.isBlank(line) { try emit(Array(line)) }
            }
        }
    }

    /// The document that no line end followed, if there is one.
    public mutating func finish() -> [UInt8]? {
        let line = lines.finish()
        return line.withUnsafeBytes(Self.isBlank) ? nil : line
    }

    private static func isBlank(_ line: UnsafeRawBufferPointer) -> Bool {
        line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }
}
