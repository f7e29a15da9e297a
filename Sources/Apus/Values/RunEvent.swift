/// Something that happened in a run.
public struct RunEvent: Sendable, Equatable {
    /// Counts the events of a run from 0 without a gap.
    public var sequence: UInt64
    public var instant: Instant
    public var kind: Kind

    public init(sequence: UInt64, instant: Instant, kind: Kind) {
        self.sequence = sequence
        self.instant = instant
        self.kind = kind
    }

    /// What happened.
    public enum Kind: Sendable, Equatable {
        case runStarted(graph: String)
        case runPaused
        case runResumed
        case runCompleted
        case runFailed(String)
        case runCancelled
        /// An attempt of an activation begins; attempts count from 1.
        case started(ActivationID, attempt: Int)
        case completed(ActivationID)
        /// The attempt failed and another one follows after `delay`.
        case retrying(ActivationID, attempt: Int, error: String, delay: Duration)
        /// The activation failed for good.
        case failed(ActivationID, error: String)
        /// The activation did not run, since no branch came to it.
        case skipped(ActivationID)
        /// The activation failed and its policy goes on as after success, without a change.
        case passedOver(ActivationID, error: String)
        case cancelled(ActivationID)
        /// A node waits for the answer to a question.
        case asked(ActivationID, question: String)
        /// What a node itself reports through its context.
        case progress(ActivationID, String)
    }
}
