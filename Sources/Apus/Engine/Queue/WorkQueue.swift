/// A durable line in which runs wait for their start: by turns between keys, by priority within a key, and within limits.
///
/// Every engine may host it; of those that share a storage one leads it at a time, and another takes over when that one is
/// gone. Work is put into it from anywhere by ``Engine/enqueue(_:from:in:_:entry:id:)``.
public struct WorkQueue: Sendable {
    public let name: String
    public var limits: QueueLimits
    public var strategy: any Strategy

    public init(
        _ name: String, limits: QueueLimits = QueueLimits(), strategy: some Strategy = AgeingStrategy()
    ) {
        self.name = name
        self.limits = limits
        self.strategy = strategy
    }
}

/// How a piece of work is to be treated by its queue.
public struct WorkTerms: Sendable, Hashable {
    /// Whose it is: a tenant, a user. Keys take turns.
    public var key: String
    /// Higher ones are started first among the work of a key.
    public var priority: Int
    /// It waits at least so long.
    public var delay: Duration?
    /// If it has not been started by then, it becomes a dead letter.
    public var expiry: Duration?
    public var singleton: Singleton?

    /// What becomes of work of which there is one already that waits or runs.
    public enum Singleton: Sendable, Hashable {
        /// The one that is there stays alone; who sends another gets its id.
        case keep(String)
        /// The new one takes the place of one that waits, and its delay begins anew, but for no longer than `atMost` since the first
        /// came. One that runs is not disturbed: the new one waits beside it.
        case debounce(String, atMost: Duration)

        var name: String {
            switch self {
            case .keep(let name), .debounce(let name, _): name
            }
        }
    }

    public init(
        key: String = "", priority: Int = 0, delay: Duration? = nil, expiry: Duration? = nil,
        singleton: Singleton? = nil
    ) {
        self.key = key
        self.priority = priority
        self.delay = delay
        self.expiry = expiry
        self.singleton = singleton
    }
}

/// Work that is done together with other work of the same name.
public struct WorkBatch: Sendable, Hashable {
    public var name: String
    /// With so many the run may start.
    public var limit: Int
    /// So long after the first came the run may start with those that are there.
    public var within: Duration

    public init(_ name: String, limit: Int, within: Duration) {
        precondition(limit > 0, "a batch of nothing never starts")
        self.name = name
        self.limit = limit
        self.within = within
    }
}

/// Why work could not be put into a queue.
public struct QueueError: ClassifiedError, Equatable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, Codable {
        /// As much waits as ``QueueLimits/waiting`` allows.
        case full
        /// There is other work, or a run, of that id already.
        case otherWork
        /// It was given up: ``Engine/deadLetters(of:limit:)`` says why.
        case gaveUp
        /// There is no such dead letter.
        case unknownLetter
    }

    public var code: Code
    public var queue: String
    public var run: RunID?

    public init(_ code: Code, queue: String, run: RunID? = nil) {
        self.code = code
        self.queue = queue
        self.run = run
    }

    public var failureKind: FailureKind { code == .full ? .transient : .permanent }

    public var description: String {
        let work = run.map { "The work \"\($0)\"" } ?? "The work"
        switch code {
        case .full:
            return "\(work) was refused: the queue \"\(queue)\" is full; try again later, or raise QueueLimits.waiting."
        case .otherWork:
            return "\(work) was refused by the queue \"\(queue)\": there is other work of that id; choose another."
        case .gaveUp: return "\(work) of the queue \"\(queue)\" was given up; see its dead letters."
        case .unknownLetter: return "\(work) is no dead letter of the queue \"\(queue)\"."
        }
    }
}
