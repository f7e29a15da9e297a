/// The whole graph, a loop, or a part with several entries in which one step runs at a time.
public struct RecipeRegion: Sendable {
    public enum Kind: Sendable, Hashable {
        case whole
        case loop(header: Int)
        case part
    }

    public let kind: Kind
    /// The index of the region around it; `nil` for the whole graph.
    public internal(set) var parent: Int?
    /// Header and all nodes that reach a back edge without passing it; for the others all nodes.
    public let core: Set<Int>
    /// The core, the side branches and all that is nested in them.
    public let members: Set<Int>
    /// What stands directly in it, in graph order.
    public internal(set) var units: [RecipeUnit] = []
    /// For each unit the positions of all units that it is after.
    public internal(set) var before: [Set<Int>] = []

    init(_ kind: Kind, core: Set<Int>, members: Set<Int>) {
        self.kind = kind
        self.core = core
        self.members = members
    }

    /// The node whose iterations it counts.
    public var header: Int? {
        if case .loop(let header) = kind { header } else { nil }
    }
}

/// What a region orders: a node, or a region nested in it, which is one node to its surroundings.
public enum RecipeUnit: Sendable, Hashable {
    case node(Int)
    case region(Int)
}

/// Why Law 2 refuses a recipe.
public struct RecipeRefusal: Sendable, Hashable, CustomStringConvertible {
    public enum Reason: String, Sendable, Hashable {
        /// (a) An iteration can take a back edge and a leaving edge.
        case leavesAndReturns
        /// (b) An edge leads into a side branch from elsewhere.
        case intoSideBranch
        /// (c) A cycle with several entries in which more than one step may run at a time.
        case severalEntries
    }

    public let reason: Reason
    public let edges: [RecipeEdge]

    public var description: String { "\(reason.rawValue) \(edges)" }
}
