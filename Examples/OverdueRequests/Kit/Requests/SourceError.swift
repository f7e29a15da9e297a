public import Apus

/// Why a source has no requests to give.
public struct SourceError: ClassifiedError, Equatable, CustomStringConvertible {
    public enum Code: Sendable {
        /// There is no such file.
        case missing
        /// The file is there and cannot be opened or read.
        case unreadable
        /// The first record does not name the columns that are needed.
        case header
        /// From some place on the text makes no sense, so that rows would be lost without a word.
        case malformed
    }

    public let code: Code
    /// The source as the user named it.
    public let source: String
    public let reason: String

    public init(_ code: Code, source: String, reason: String) {
        self.code = code
        self.source = source
        self.reason = reason
    }

    /// Reading again won't help.
    public var failureKind: FailureKind { .permanent }
    public var description: String { "\(source): \(reason)" }
}
