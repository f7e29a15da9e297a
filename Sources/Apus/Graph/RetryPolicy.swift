/// When and how often a node is tried again.
public struct RetryPolicy: Sendable {
    /// How long to wait before the next attempt.
    public enum Backoff: Sendable, Equatable {
        case constant(Duration)
        /// `first`, then each time `factor` times as long, at most `limit`.
        case exponential(first: Duration, factor: Double, limit: Duration)
    }

    /// How often the node runs at most, the first time included.
    public var attempts: Int
    public var backoff: Backoff
    /// The share of each delay that is left to chance, from 0 (none) to 1 (full jitter).
    public var jitter: Double
    /// Which errors are worth another attempt.
    public var accepts: @Sendable (any Error) -> Bool

    public init(
        attempts: Int, backoff: Backoff, jitter: Double = 0.5,
        accepts: @escaping @Sendable (any Error) -> Bool = RetryPolicy.transient
    ) {
        self.attempts = attempts
        self.backoff = backoff
        self.jitter = jitter
        self.accepts = accepts
    }

    /// Waits twice as long each time, from `first` to at most `limit`.
    public static func exponential(
        attempts: Int, first: Duration = .milliseconds(100), factor: Double = 2, limit: Duration = .seconds(30),
        jitter: Double = 0.5
    ) -> Self {
        Self(attempts: attempts, backoff: .exponential(first: first, factor: factor, limit: limit), jitter: jitter)
    }

    /// Waits equally long each time.
    public static func constant(attempts: Int, delay: Duration, jitter: Double = 0) -> Self {
        Self(attempts: attempts, backoff: .constant(delay), jitter: jitter)
    }

    /// The same policy for those errors alone that `accepts` lets through.
    public func when(_ accepts: @escaping @Sendable (any Error) -> Bool) -> Self {
        var copy = self
        copy.accepts = accepts
        return copy
    }

    /// Accepts errors that classify themselves as transient, and those that do not say, but for timeouts.
    @Sendable
    public static func transient(_ error: any Error) -> Bool {
        if let classified = error as? any ClassifiedError { return classified.failureKind == .transient }
        return true
    }

    /// The wait after failed attempt number `attempt` (from 1); `chance` is uniform over all 64 bits. What the error asks
    /// for through ``ClassifiedError/retryAfter`` is the least.
    public func delay(after attempt: Int, error: any Error, chance: UInt64) -> Duration {
        var delay: Duration
        switch backoff {
        case .constant(let wait): delay = wait
        case .exponential(let first, let factor, let limit):
            delay = first
            for _ in 1..<max(1, attempt) where delay < limit { delay = min(limit, delay * factor) }
            delay = min(delay, limit)
        }
        let share = Double(chance >> 11) / Double(1 << 53)
        delay = delay * (1 - min(max(jitter, 0), 1) * share)
        if let asked = (error as? any ClassifiedError)?.retryAfter { delay = max(delay, asked) }
        return delay
    }
}

/// An attempt that took longer than its node's timeout. It is not tried again unless the retry policy says so.
public struct TimeoutError: ClassifiedError, Equatable, CustomStringConvertible {
    public var activation: ActivationID
    public var limit: Duration

    public init(activation: ActivationID, limit: Duration) {
        self.activation = activation
        self.limit = limit
    }

    public var failureKind: FailureKind { .permanent }
    public var description: String {
        "\(activation) did not end within \(limit); raise its timeout, or accept TimeoutError in its retry policy."
    }
}
