/// The shape of a graph without its code: what a drawing, a comparison or a document needs.
public struct GraphOutline: Sendable, Codable, Equatable {
    public var name: String
    public var nodes: [NodeOutline]
    public var edges: [EdgeOutline]
    public var loops: [LoopOutline]
    /// What nodes have to do with each other besides edges.
    public var relations: [RelationOutline]

    public init(
        name: String, nodes: [NodeOutline], edges: [EdgeOutline], loops: [LoopOutline],
        relations: [RelationOutline] = []
    ) {
        self.name = name
        self.nodes = nodes
        self.edges = edges
        self.loops = loops
        self.relations = relations
    }
}

/// Relations are left out where there are none, so that most graphs have the text they always had.
extension GraphOutline {
    private enum CodingKeys: String, CodingKey { case name, nodes, edges, loops, relations }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try container.decode(String.self, forKey: .name),
            nodes: try container.decode([NodeOutline].self, forKey: .nodes),
            edges: try container.decode([EdgeOutline].self, forKey: .edges),
            loops: try container.decode([LoopOutline].self, forKey: .loops),
            relations: try container.decodeIfPresent([RelationOutline].self, forKey: .relations) ?? [])
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(nodes, forKey: .nodes)
        try container.encode(edges, forKey: .edges)
        try container.encode(loops, forKey: .loops)
        if !relations.isEmpty { try container.encode(relations, forKey: .relations) }
    }
}

/// What a node has to do with another one besides an edge.
public struct RelationOutline: Sendable, Codable, Hashable {
    /// What it is.
    public enum Kind: String, Sendable, Codable {
        /// The source sends along a channel to the target.
        case sends
        /// The target starts only when the source has ended.
        case precedes
        /// The source starts before the target does.
        case leads
        /// When the source has completed, the target is cancelled.
        case cancels
    }

    public var source: String
    public var target: String
    public var kind: Kind
    /// The name of the channel.
    public var label: String?

    public init(_ source: String, _ kind: Kind, _ target: String, label: String? = nil) {
        self.source = source
        self.target = target
        self.kind = kind
        self.label = label
    }

    /// What a drawing writes beside it.
    var words: String { label ?? kind.rawValue }
}

/// A node of an outline.
public struct NodeOutline: Sendable, Codable, Equatable {
    /// What a node is.
    public enum Kind: String, Sendable, Codable { case node, forEach, race, quorum, loop, subgraph, zip }

    public var id: String
    public var kind: Kind
    /// How the exit chooses among its cases.
    public var exit: Exit
    /// The graph inside a subgraph; empty otherwise.
    public var inner: [GraphOutline]

    /// How an exit chooses.
    public enum Exit: String, Sendable, Codable { case always, route, select, finish, none }

    public init(id: String, kind: Kind = .node, exit: Exit = .always, inner: [GraphOutline] = []) {
        self.id = id
        self.kind = kind
        self.exit = exit
        self.inner = inner
    }
}

/// An edge of an outline.
public struct EdgeOutline: Sendable, Codable, Equatable {
    /// What an edge does.
    public enum Kind: String, Sendable, Codable { case forward, back, failure }

    /// The node it comes from; `nil` is the start of the graph.
    public var source: String?
    /// The node it leads to; `nil` is the end of the path.
    public var target: String?
    public var kind: Kind
    /// The name of the case, where the exit has several.
    public var label: String?
    /// Whether an edge without a target ends the whole graph rather than its path.
    public var finishes: Bool

    public init(
        from source: String?, to target: String?, kind: Kind = .forward, label: String? = nil, finishes: Bool = false
    ) {
        self.source = source
        self.target = target
        self.kind = kind
        self.label = label
        self.finishes = finishes
    }
}

/// A loop of an outline.
public struct LoopOutline: Sendable, Codable, Equatable {
    public var header: String
    /// All nodes of the loop, those of inner loops and side branches too, in graph order.
    public var nodes: [String]

    public init(header: String, nodes: [String]) {
        self.header = header
        self.nodes = nodes
    }
}
