/// How a queue orders its work, and what follows a failure.
///
/// Whatever a strategy says, keys take turns and limits hold.
public protocol Strategy: Sendable {
    /// Where work stands among the work of its key: the least is started first, of equals the one that came first. It is asked once,
    /// when the work is taken into the line.
    func place(of work: QueuedWork) -> Double
    /// How much of its key's share a start takes; 1 is an equal share, 0.1 lets the key have ten times as much. More than 0.
    func cost(of work: QueuedWork) -> Double
    /// How long to wait before a failed run goes on, or `nil` to give it up as a dead letter. `attempt` counts from 1; `chance` is uniform
    /// over all 64 bits.
    func retry(_ work: QueuedWork, attempt: Int, reason: String, chance: UInt64) -> Duration?
}

extension Strategy {
    public func cost(of work: QueuedWork) -> Double { 1 }
    public func retry(_ work: QueuedWork, attempt: Int, reason: String, chance: UInt64) -> Duration? { nil }
}

/// Higher priorities first, and each step of waiting lifts work by one priority, so that none waits for ever.
///
/// Work of priority `p` is overtaken at most by what comes within `(highest - p) * step` of it.
public struct AgeingStrategy: Strategy {
    /// How long work waits until it stands where work that is one priority higher stands when it comes.
    public var step: Duration
    /// When and how often a failed run goes on; what failed in it is tried again, nothing else.
    public var retry: RetryPolicy?
    /// The shares of keys; 1 for those that are not named. One with 2 is started twice as often.
    public var weights: [String: Double]

    public init(step: Duration = .seconds(60), retry: RetryPolicy? = nil, weights: [String: Double] = [:]) {
        self.step = step
        self.retry = retry
        self.weights = weights
    }

    public func place(of work: QueuedWork) -> Double {
        let lift: Double = Double(work.priority) * (step / .milliseconds(1))
        return Double(work.enqueued.milliseconds) - lift
    }

    public func cost(of work: QueuedWork) -> Double { 1 / max(weights[work.key] ?? 1, 0.000_1) }

    public func retry(_ work: QueuedWork, attempt: Int, reason: String, chance: UInt64) -> Duration? {
        guard let retry, attempt < retry.attempts else { return nil }
        return retry.delay(after: attempt, error: RunFailure(reason: reason), chance: chance)
    }
}

extension Strategy where Self == AgeingStrategy {
    /// Higher priorities first, a minute of waiting counting as one; nothing is tried again.
    public static var ageing: Self { AgeingStrategy() }
}

/// How a queued run failed, as its head says it.
struct RunFailure: Error, CustomStringConvertible {
    var reason: String
    var description: String { reason }
}
