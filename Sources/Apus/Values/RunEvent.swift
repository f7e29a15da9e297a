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
        /// A worker takes up a run that was written down, where it was left.
        case runContinued(graph: String)
        case runPaused
        case runResumed
        case runCompleted
        case runFailed(String)
        case runCancelled
        /// The run only waits and was put away, until something comes or the moment does.
        case runSuspended(until: WallTime?)
        /// This worker lets go of the run, for another one or a later time, since it stops or can't go on.
        case runReleased(String)
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
        /// This worker lets go of the run; the activation starts again, from its beginning, when the run is taken up.
        case suspended(ActivationID)
        /// A node waits for the answer to a question.
        case asked(ActivationID, question: String)
        /// A request to a model ended; it took ``ModelCall/duration`` up to this event.
        case modelCalled(ActivationID, ModelCall)
        /// A call of a tool ended.
        case toolCalled(ActivationID, ToolInvocation)
        /// What a node itself reports through its context.
        case progress(ActivationID, String)
    }
}
