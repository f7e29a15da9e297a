/// When a request that has no answer yet is sent a second time.
public struct HedgePolicy: Sendable, Hashable {
    /// How long the answer is waited for before the next request is sent.
    public enum Delay: Sendable, Hashable {
        case fixed(Duration)
        /// As long as this share of the last 100 answers took, from 0 to 1; `initially` until there are ten.
        case percentile(Double, initially: Duration)
    }

    public var delay: Delay
    /// How many requests are sent at most, the first one included.
    public var requests: Int
    /// How many requests may be added, as a share of the calls: when everything is slow, hedging does not double the load. Ten may be saved up.
    public var share: Double

    public init(delay: Delay, requests: Int = 2, share: Double = 0.1) {
        self.delay = delay
        self.requests = requests
        self.share = share
    }

    /// Sends another request when there is no answer after `delay`.
    public static func after(_ delay: Duration, requests: Int = 2, share: Double = 0.1) -> Self {
        Self(delay: .fixed(delay), requests: requests, share: share)
    }

    /// Sends another request when an answer takes longer than this share of the last ones took.
    public static func percentile(
        _ share: Double, initially: Duration, requests: Int = 2, adding: Double = 0.1
    ) -> Self {
        Self(delay: .percentile(share, initially: initially), requests: requests, share: adding)
    }
}
