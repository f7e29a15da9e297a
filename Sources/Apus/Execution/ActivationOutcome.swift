/// What an activation came to.
enum ActivationOutcome: Sendable {
    case chose(Int)
    case selected([Int])
    case failed(any Error)
    /// It failed or was stopped, and its exit is taken all the same.
    case passedOver(Int)
    case passedOverSelecting([Int])
    case cancelled
    /// The run is over its limits: no exit is taken.
    case aborted(any Error)
}
