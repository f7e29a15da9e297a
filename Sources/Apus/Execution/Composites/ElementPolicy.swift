/// How many elements of a forEach must succeed.
public enum ElementPolicy: Sendable, Equatable {
    /// All: the first failure cancels the rest and fails the node.
    case all
    /// One: the first success is enough.
    case any
    /// So many: as soon as they have succeeded, that is enough.
    case atLeast(Int)

    var needed: Int? {
        switch self {
        case .all: nil
        case .any: 1
        case .atLeast(let count): count
        }
    }
}

/// What becomes of bodies that are no longer needed.
public enum RestPolicy: Sendable, Equatable {
    case cancel
    /// They go on beside what follows; their results are dropped. The round, and the run, wait for them.
    case runsOn
}

/// A composite asked for more successes than it has bodies.
public struct TooFewError: ClassifiedError, Equatable, CustomStringConvertible {
    public var needed: Int
    public var count: Int

    public var failureKind: FailureKind { .permanent }
    public var description: String {
        "\(needed) bodies must succeed, and there are \(count); ask for fewer, or route around the node when there is too little."
    }
}
