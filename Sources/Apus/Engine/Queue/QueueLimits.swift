/// How much of a queue may be under way.
public struct QueueLimits: Sendable, Equatable {
    /// How many of its runs are under way at once, over all engines that share the storage. It should not be more than they can
    /// execute: what is started waits no longer in the order of the queue.
    public var concurrency = 100
    /// The same for the work of one key; `nil` for no limit of its own.
    public var concurrencyPerKey: Int?
    /// How much may be started within a time.
    public var starts: [StartLimit] = []
    /// How much may wait; more is refused with ``QueueError/Code/full``. It is counted by the engine that leads the queue, so others may go
    /// over it by what they send between two looks.
    public var waiting = 1_000_000

    public init(
        concurrency: Int = 100, concurrencyPerKey: Int? = nil, starts: [StartLimit] = [], waiting: Int = 1_000_000
    ) {
        precondition(concurrency > 0 && concurrencyPerKey ?? 1 > 0, "a queue that may run nothing never gets on")
        self.concurrency = concurrency
        self.concurrencyPerKey = concurrencyPerKey
        self.starts = starts
        self.waiting = waiting
    }
}

/// At most so many starts in any interval of a length, counted from when they are decided.
public struct StartLimit: Sendable, Equatable {
    public var count: Int
    public var interval: Duration
    /// Whether each key has a limit of its own.
    public var isPerKey: Bool

    private init(_ count: Int, _ interval: Duration, isPerKey: Bool) {
        precondition(count > 0, "a limit of no starts lets nothing begin")
        self.count = count
        self.interval = interval
        self.isPerKey = isPerKey
    }

    /// For all work of the queue together.
    public static func inAll(_ count: Int, per interval: Duration) -> Self { Self(count, interval, isPerKey: false) }
    /// For the work of each key.
    public static func perKey(_ count: Int, per interval: Duration) -> Self { Self(count, interval, isPerKey: true) }
}
