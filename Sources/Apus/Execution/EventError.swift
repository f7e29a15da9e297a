/// Why a reader of a run's events was ended before the run.
public struct EventError: Error, Equatable, CustomStringConvertible {
    public enum Code: Sendable, Equatable {
        /// The reader, which asked for ``EventPolicy/cut(bound:)``, fell behind by more than its bound.
        case cut
    }

    public var code: Code
    /// The first sequence number that the reader was not given.
    public var resumeFrom: UInt64

    public init(_ code: Code, resumeFrom: UInt64) {
        self.code = code
        self.resumeFrom = resumeFrom
    }

    public var description: String {
        "The reader fell too far behind its run and was ended; resume from event \(resumeFrom), "
            + "or read with the policy .wait to slow the run down instead."
    }
}
