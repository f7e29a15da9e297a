/// What a ``ContentCache`` keeps, and for how long.
public struct CachePolicy: Sendable {
    /// How long a value counts after it was made; `nil` is for ever.
    public var lifetime: Duration?
    /// How many values are held in memory, about.
    public var memory: Int
    /// How long a value is held in memory without a look at the storage, where there is one: so long another process's invalidation may be
    /// overlooked.
    public var staleness: Duration
    /// How long a negative result is remembered, in memory alone: an error, or a `nil`. `nil` is not at all.
    public var negativeLifetime: Duration?
    /// Which errors count as negative results, where they are remembered.
    public var isNegative: @Sendable (any Error) -> Bool

    public init(
        lifetime: Duration? = nil, memory: Int = 1_000, staleness: Duration = .seconds(10),
        negativeLifetime: Duration? = nil,
        isNegative: @escaping @Sendable (any Error) -> Bool = {
            ($0 as? any ClassifiedError)?.failureKind == .permanent
        }
    ) {
        self.lifetime = lifetime
        self.memory = memory
        self.staleness = staleness
        self.negativeLifetime = negativeLifetime
        self.isNegative = isNegative
    }
}

/// A value that may be none, so that "there is none" can be told from a value.
protocol MaybeNone {
    var isNone: Bool { get }
}

extension Optional: MaybeNone {
    var isNone: Bool { if case .none = self { true } else { false } }
}
