/// When a run takes back by itself what it did, and what becomes of that where something can't be taken back.
public struct SagaPolicy: Sendable, Hashable {
    /// What ends a run so that it is undone.
    public struct Causes: OptionSet, Sendable, Hashable {
        public let rawValue: Int

        public init(rawValue: Int) { self.rawValue = rawValue }

        /// The run failed for good.
        public static let failure = Self(rawValue: 1)
        /// Somebody cancelled the run.
        public static let cancellation = Self(rawValue: 1 << 1)
    }

    /// What follows a compensation that failed in its last attempt, or that nobody declares.
    public enum Obstacle: Sendable, Hashable {
        /// What was done before it stays until a person has settled it: nothing is undone out of order.
        case stop
        /// What was done before it is undone all the same.
        case goOn
    }

    public var causes: Causes
    public var obstacle: Obstacle

    public init(_ causes: Causes, obstacle: Obstacle = .stop) {
        self.causes = causes
        self.obstacle = obstacle
    }

    public static let onFailure = Self(.failure)
    public static let onFailureOrCancellation = Self([.failure, .cancellation])

    /// The same policy with another way around what can't be undone.
    public func obstacle(_ obstacle: Obstacle) -> Self { Self(causes, obstacle: obstacle) }
}

extension GraphBuilder {
    /// Lets runs of this graph undo what they did when they come to no good end: the compensations of all completed work, that of subgraphs,
    /// elements and tools too, are performed in reverse order, each written down.
    ///
    /// It counts for the graph that is run, not for one inside of it, and for runs that are written down. See ``SagaFailure``.
    public mutating func saga(_ policy: SagaPolicy = .onFailure) { draft.read { $0.saga = policy } }
}
