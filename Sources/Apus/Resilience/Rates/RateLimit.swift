/// How much may happen in how much time.
public struct RateLimit: Sendable, Hashable {
    /// How it is counted.
    public enum Shape: Sendable, Hashable {
        /// A bucket that is refilled steadily and holds so much at most. It takes a word or two.
        case bucket(burst: Int)
        /// In no stretch of time of one period, wherever it begins, more than the count. It takes two words for each call of a period.
        case window
    }

    public var count: Int
    public var period: Duration
    public var shape: Shape

    /// Both `count` and `period` have to be more than zero.
    public init(_ count: Int, per period: Duration, _ shape: Shape) {
        precondition(
            count > 0 && period >= .nanoseconds(1), "a rate limit needs a count and a period, not \(count) in \(period)"
        )
        self.count = count
        self.period = period
        self.shape = shape
    }

    /// `count` in a `period` on the average, and `burst` at once after a rest; as many as `count` if it is not said.
    ///
    /// What asks for more than `burst` at once waits for a full bucket, and all after it until it is paid off.
    public static func bucket(_ count: Int, per period: Duration, burst: Int? = nil) -> Self {
        Self(count, per: period, .bucket(burst: max(1, burst ?? count)))
    }

    /// Never more than `count` in any `period`, in memory that grows with the count: for larger ones take a bucket.
    public static func window(_ count: Int, per period: Duration) -> Self { Self(count, per: period, .window) }
}
