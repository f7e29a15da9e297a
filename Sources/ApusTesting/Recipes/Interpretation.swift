/// One activation of a recipe's node.
public struct RecipeVisit: Sendable, Hashable, CustomStringConvertible {
    public var node: Int
    /// One number for each loop around the node, outermost first.
    public var iterations: [Int]

    public init(_ node: Int, _ iterations: [Int] = []) {
        self.node = node
        self.iterations = iterations
    }

    public var description: String {
        "\(node)" + (iterations.isEmpty ? "" : "#\(iterations.map(String.init).joined(separator: "."))")
    }
}

/// What a run of a recipe comes to.
public struct Interpretation: Sendable {
    /// Why a run fails. Which of several reasons it names is a matter of timing.
    public enum Failure: Sendable, Hashable {
        /// The node failed for good and had no `onFailure`.
        case node(RecipeVisit)
        /// Two activations, neither after the other, wrote what only one may.
        case conflict(Set<RecipeVisit>, claim: String)
    }

    /// All changes in graph order.
    public internal(set) var state = RecipeState()
    /// The activations that completed, in graph order.
    public internal(set) var ran: [RecipeVisit] = []
    /// The activations that failed for good, in graph order.
    public internal(set) var failed: [RecipeVisit] = []
    /// The activations to which no branch came. A loop that is skipped as a whole holds none.
    public internal(set) var skipped: [RecipeVisit] = []
    /// The edges taken, each with the activation that took it.
    public internal(set) var taken: [(edge: RecipeEdge, by: RecipeVisit)] = []
    /// Empty for a run that succeeds.
    public internal(set) var failures: Set<Failure> = []
    /// Activations that end the graph.
    public internal(set) var finishes: [RecipeVisit] = []

    /// Whether all of it is what every run comes to.
    ///
    /// After a failure, and where the graph is ended beside other work, it depends on timing how far the rest
    /// comes; then no run does more than is listed here.
    public internal(set) var isExact = true
}
