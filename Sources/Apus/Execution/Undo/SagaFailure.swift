/// A run failed, and what it had done was undone as its graph's ``SagaPolicy`` asks for.
public struct SagaFailure: ClassifiedError, CustomStringConvertible {
    public var run: RunID
    /// What the run failed with, or `cancelled`.
    public var cause: String
    public var report: SagaReport
    /// The error itself, in the process that saw it.
    public var underlying: (any Error)?

    public init(run: RunID, cause: String, report: SagaReport, underlying: (any Error)? = nil) {
        self.run = run
        self.cause = cause
        self.report = report
        self.underlying = underlying
    }

    public var failureKind: FailureKind { .permanent }
    public var description: String { cause + report.summary }
}

/// A run has come to an end after which what it did is undone.
struct SagaBegan: Error {
    var cause: any Error
}
