/// How an ``Engine`` works.
public struct EngineOptions: Sendable, Equatable {
    /// What becomes of runs under way when the engine stops.
    public enum Drain: Sendable, Hashable {
        /// They are left as they are at the next opportunity, for another worker or the next start.
        case handBack
        /// They may run to their end for so long; what is left then is handed back.
        case finish(within: Duration)
    }

    /// How many runs are executed at once; the others wait their turn in the storage.
    public var concurrency = 1_000
    /// Executors by what they can do; without any the engine executes whatever is registered. Graphs that require more than
    /// any of them has are left to other engines.
    public var pools: [ExecutorPool] = []
    /// How long a worker that says nothing counts as alive.
    public var lease: Duration = .seconds(15)
    /// How often the storage is looked at for what other processes left there. What this one does is seen at once.
    public var poll: Duration = .seconds(1)
    public var drain = Drain.handBack
    public var durability = Durability.everyStep
    public var retention = Retention.everything
    public var limits = GraphLimits()

    public init() {}
}
