/// A graph as plain data: what is connected, what each node does, and how long it takes.
///
/// A recipe is the common source of two executions that are then compared: ``ReferenceInterpreter`` reads it
/// directly, and the engine runs the graph built from it. Nodes are named by their index, which is also the
/// order of their declaration. It prints as Swift source, so that a failing case can be pasted into a test.
public struct GraphRecipe: Sendable, Codable, Equatable {
    /// Decides, with node and iteration, every choice taken in a run.
    public var seed: UInt64
    public var nodes: [NodeRecipe]
    /// The alternatives of the virtual first node, each with all nodes it starts.
    public var entries: [[Int]]
    /// The alternative that a run uses.
    public var entry: Int
    /// Choices that were written down: for a node the cases its activations take, in turn, instead of those of the seed.
    public var script: [Int: [Int]] = [:]

    public init(seed: UInt64 = 0, entries: [[Int]] = [[0]], entry: Int = 0, nodes: [NodeRecipe]) {
        self.seed = seed
        self.nodes = nodes
        self.entries = entries
        self.entry = entry
    }

    /// The index of the virtual first node, whose cases are the entries.
    public static let first = -1

    /// The cases of a node, the one of its failure last if it has one; those of the virtual first node for ``first``.
    public func cases(of node: Int) -> [[Int]] {
        guard node != Self.first else { return entries }
        let exits = nodes[node].exit.cases
        return nodes[node].onFailure.isEmpty ? exits : exits + [nodes[node].onFailure]
    }

    /// The case that is taken when the node fails for good, if there is one.
    public func failureCase(of node: Int) -> Int? {
        nodes[node].onFailure.isEmpty ? nil : nodes[node].exit.cases.count
    }
}

/// One node of a recipe.
public struct NodeRecipe: Sendable, Codable, Equatable {
    public var name: String
    public var exit: ExitRecipe
    public var onFailure: [Int]
    public var failure: FailureRecipe
    /// How long one attempt takes, in milliseconds of the environment's time.
    public var time: Int
    public var writes: [WriteRecipe]
    public var work: WorkRecipe
    /// How many iterations the loop may have whose header this node is.
    public var limit: Int?

    /// Whether an attempt ends when its task is cancelled. Nodes whose time is 1, 5, 9 … go on regardless.
    public var heedsCancellation: Bool { time % 4 != 1 }

    public init(
        _ name: String, _ exit: ExitRecipe = .end, onFailure: [Int] = [], failure: FailureRecipe = .never,
        time: Int = 0, writes: [WriteRecipe] = [.append], work: WorkRecipe = .plain, limit: Int? = nil
    ) {
        self.name = name
        self.exit = exit
        self.onFailure = onFailure
        self.failure = failure
        self.time = time
        self.writes = writes
        self.work = work
        self.limit = limit
    }
}

/// Where a node leads.
public enum ExitRecipe: Sendable, Codable, Equatable {
    case end
    /// Ends the whole graph.
    case finish
    /// All of the targets: an edge or a fork.
    case to([Int])
    /// One of the cases; an empty one ends the path.
    case route([[Int]])
    /// Any subset of the targets.
    case select([Int])

    /// The cases, each with its targets.
    public var cases: [[Int]] {
        switch self {
        case .end, .finish: [[]]
        case .to(let targets): [targets]
        case .route(let cases): cases
        case .select(let targets): targets.map { [$0] }
        }
    }
}

/// Whether a node fails.
public enum FailureRecipe: Sendable, Codable, Equatable {
    case never
    /// Fails so many attempts of an activation and then succeeds; it is given one attempt more.
    case first(Int)
    /// Fails in those activations that the recipe's seed picks.
    case chosen
    case always
}

/// One change that an activation makes; the values written depend on the state it sees.
public enum WriteRecipe: Sendable, Codable, Equatable {
    /// Appends its name and a fingerprint of what it sees to the log.
    case append
    /// Adds to the sum.
    case add(Int)
    /// Sets a key, exclusive in itself.
    case key(String)
    /// Writes one of the exclusive fields, 0 to 2.
    case exclusive(Int)
}

/// What stands at a node.
public enum WorkRecipe: Sendable, Codable, Equatable {
    case plain
    /// One body per element; the results are appended in the order of the elements.
    case forEach(Int, concurrency: Int)
    /// Branches that take so many milliseconds, all distinct; the first to end wins.
    case race([Int])
    /// As a race, with so many winners; the others are cancelled, or run on.
    case quorum(Int, [Int], runsOn: Bool)
    /// A body that is repeated until it has counted so far.
    case loop(Int)
    case subgraph([GraphRecipe])
}
