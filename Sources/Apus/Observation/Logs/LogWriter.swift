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
            if isLast || lines.count >= 32_768 { lines.take(output) }
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
