/// How far a run may go before it counts as out of hand.
public struct GraphLimits: Sendable, Equatable {
    /// How many activations a run may start, those of subgraphs and elements too; retries do not count.
    public var steps: Int
    /// How long a run may take; `nil` for any time.
    public var time: Duration?
    /// How many nodes may run at once across the branches of a run; `nil` for any number.
    public var concurrency: Int?

    public init(steps: Int = GraphLimits.steps, time: Duration? = nil, concurrency: Int? = nil) {
        self.steps = steps
        self.time = time
        self.concurrency = concurrency
    }

    /// The default limit of `steps`: 1,000,000.
    public static let steps = 1_000_000
    /// How many rounds a loop may have unless its header says otherwise: 10,000.
    public static let iterations = 10_000
}
