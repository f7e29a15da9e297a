/// Executors of an engine that can do the same: each executes a number of runs at once, and there are more of them when there is
/// more to do.
///
/// A run goes to the executor that has what its graph requires and is the least loaded; one that is idle takes over what waits
/// for a busy one. Graphs say what they require where they are registered.
public struct ExecutorPool: Sendable, Equatable {
    public let name: String
    /// What its executors can do, as graphs require it.
    public var capabilities: Set<String>
    /// How many executors there are at least and at most.
    public var executors: ClosedRange<Int>
    /// How many runs an executor executes at once.
    public var width: Int
    public var scaling: PoolScaling

    public init(
        _ name: String, capabilities: Set<String> = [], executors: ClosedRange<Int> = 1...1, width: Int,
        scaling: PoolScaling = PoolScaling()
    ) {
        precondition(executors.lowerBound > 0 && width > 0, "the pool \"\(name)\" could execute nothing")
        self.name = name
        self.capabilities = capabilities
        self.executors = executors
        self.width = width
        self.scaling = scaling
    }
}

/// When a pool grows and when it shrinks.
///
/// It grows while more waits than its executors are to have waiting, or for longer than is to be waited, and shrinks when fewer
/// executors would do. Between two changes lies a pause, so that the effect of one is seen before the next.
public struct PoolScaling: Sendable, Equatable {
    /// How many runs may wait for each executor before there is to be one more.
    public var backlog: Double
    /// How long a run may wait before there is to be one more.
    public var latency: Duration
    /// An executor is given up when the others would have no more than this share of their places taken.
    public var idleShare: Double
    /// How long after a change the pool grows again at the earliest.
    public var growPause: Duration
    /// How long too few have had to be busy before an executor is given up.
    public var shrinkPause: Duration

    public init(
        backlog: Double = 2, latency: Duration = .seconds(1), idleShare: Double = 0.6,
        growPause: Duration = .seconds(1), shrinkPause: Duration = .seconds(30)
    ) {
        self.backlog = backlog
        self.latency = latency
        self.idleShare = idleShare
        self.growPause = growPause
        self.shrinkPause = shrinkPause
    }
}

/// A change of a pool's size, and why.
public struct PoolDecision: Sendable, Equatable, CustomStringConvertible {
    public enum Reason: Sendable, Equatable {
        /// So many runs wait for so many executors.
        case backlog(Int)
        /// A run has waited so long.
        case latency(Duration)
        /// Only so many places were taken.
        case idle(Int)
    }

    public var pool: String
    public var from: Int
    public var to: Int
    public var reason: Reason
    public var moment: Instant

    public var description: String {
        let why =
            switch reason {
            case .backlog(let count): "\(count) runs wait"
            case .latency(let time): "a run has waited \(time)"
            case .idle(let count): "only \(count) places are taken"
            }
        return "The pool \"\(pool)\" goes from \(from) to \(to) executors: \(why)."
    }
}
