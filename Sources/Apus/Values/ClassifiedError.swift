/// What a failure means for what comes next.
public enum FailureKind: String, Sendable, Codable {
    /// It may pass: another attempt is worth while.
    case transient
    /// It will not pass.
    case permanent
    /// What the node depends on is in trouble.
    case system
}

/// An error that says what kind of failure it is.
public protocol ClassifiedError: Error {
    var failureKind: FailureKind { get }
    /// The shortest wait the other side asked for; `nil` if it did not say.
    var retryAfter: Duration? { get }
}

extension ClassifiedError {
    public var retryAfter: Duration? { nil }
}
