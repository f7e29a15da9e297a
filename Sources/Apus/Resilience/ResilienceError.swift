/// A call that was not made because of what protects it: nothing has reached the other side.
public struct ResilienceError: ClassifiedError, Equatable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, Codable {
        /// A circuit breaker is open: what is behind it is in trouble. Take a fallback, or come again after ``ResilienceError/retryAfter``.
        case circuitOpen
        /// Too many calls in too little time: come again after ``ResilienceError/retryAfter``.
        case rateLimited
        /// One call asks for more at once than its limit ever allows: make it smaller, or raise the limit.
        case exceedsLimit
        /// All places are taken, and so are those in the queue: shed the load, or come again later.
        case bulkheadFull
        /// No place became free within the time one may wait.
        case waitedTooLong
    }

    public var code: Code
    /// Of the breaker, limiter or bulkhead.
    public var name: String
    /// When it is worth while to come again, as far as it is known.
    public var retryAfter: Duration?

    public init(_ code: Code, _ name: String, retryAfter: Duration? = nil) {
        self.code = code
        self.name = name
        self.retryAfter = retryAfter
    }

    /// Equal codes of the same name.
    public static func == (left: Self, right: Self) -> Bool { left.code == right.code && left.name == right.name }

    /// An open circuit is not tried again by a retry policy, unless it says so; a limit or a full bulkhead is.
    public var failureKind: FailureKind {
        switch code {
        case .circuitOpen: .system
        case .rateLimited, .bulkheadFull, .waitedTooLong: .transient
        case .exceedsLimit: .permanent
        }
    }

    public var description: String {
        let later = retryAfter.map { "; come again in \($0)" } ?? ""
        switch code {
        case .circuitOpen: return "The circuit \"\(name)\" is open: calls fail too often\(later), or use a fallback."
        case .rateLimited: return "The rate limit \"\(name)\" is reached\(later)."
        case .exceedsLimit:
            return "One call asks for more than the rate limit \"\(name)\" ever allows; split it, or raise the limit."
        case .bulkheadFull: return "The bulkhead \"\(name)\" is full, and so is its queue; come again later."
        case .waitedTooLong: return "The bulkhead \"\(name)\" had no place in time; come again later, or give it more."
        }
    }
}
