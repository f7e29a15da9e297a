/// What fires, as one host sees it: in order, each once.
///
/// It holds a trigger up while the host is not done with the firing before, and ends when the trigger is unregistered.
public struct Firings: AsyncSequence, Sendable {
    private let advance: @Sendable () async throws -> Arrival?

    /// Firings that `next` waits for: `nil` when there are no more, an error when it can't know. It is called by one task at a time, and
    /// is to return promptly when that is cancelled.
    public init(_ next: @escaping @Sendable () async throws -> Arrival?) { advance = next }

    public func makeAsyncIterator() -> Iterator { Iterator(advance: advance) }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let advance: @Sendable () async throws -> Arrival?

        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Arrival? {
            try await advance()
        }
    }
}

/// A firing on its way to a host, or the news that a trigger has got on without one.
public struct Arrival: Sendable {
    /// `nil` where nothing fired and the trigger wants no more than its position stored.
    public let firing: Firing?
    /// Where the trigger stands behind it; `nil` if it can't tell it again.
    public let position: TriggerPosition?
    private let receipt: (@Sendable (FiringOutcome) -> Void)?

    /// A firing, with the one to be told what became of it.
    public init(_ firing: Firing, receipt: (@Sendable (FiringOutcome) -> Void)? = nil) {
        self.firing = firing
        self.receipt = receipt
        position = firing.position
    }

    /// No firing: what lies before `position` is of no interest.
    public init(movingTo position: TriggerPosition) {
        firing = nil
        receipt = nil
        self.position = position
    }

    /// Lets whoever caused the firing know what became of it, once that is stored.
    public func settle(_ outcome: FiringOutcome) { receipt?(outcome) }
}

/// What became of a firing.
public enum FiringOutcome: Sendable, Hashable, Codable {
    /// Its run has started.
    case started(RunID)
    /// Its run will start, after a delay or when its turn has come.
    case waiting(RunID)
    /// It was told before, and this is its run.
    case repeated(RunID)
    /// No run of it starts.
    case dropped(FiringLoss)
}

/// Why a firing starts no run.
public struct FiringLoss: Sendable, Hashable, Codable {
    @nonexhaustive
    public enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
        /// Nobody was there when it was due.
        case missed
        /// A run of the trigger was still under way.
        case overlap
        /// Too many were waiting.
        case full
        /// A newer one came before its turn.
        case replaced
        /// The trigger is paused.
        case paused
        /// No state could be made of it.
        case refused
        /// A run of it has started before.
        case repeated
    }

    public var reason: Reason
    /// What else to know; never what the firing carries.
    public var detail: String?

    public init(_ reason: Reason, _ detail: String? = nil) {
        self.reason = reason
        self.detail = detail
    }
}
