/// How two versions of a graph differ in their shape.
public struct GraphDifference: Sendable, Hashable {
    /// Ids of nodes that only the new one has.
    public private(set) var added: [String] = []
    /// Ids of nodes that only the old one has.
    public private(set) var removed: [String] = []
    /// Ids of nodes that are of another kind, leave in another way or hold another graph.
    public private(set) var changed: [String] = []
    /// Edges and relations that only the new one has, such as `a → b`.
    public private(set) var addedEdges: [String] = []
    /// Edges and relations that only the old one has.
    public private(set) var removedEdges: [String] = []

    public init(from old: GraphOutline, to new: GraphOutline) {
        let (before, after) = (old.nodes.map(\.id), new.nodes.map(\.id))
        added = after.filter { !before.contains($0) }
        removed = before.filter { !after.contains($0) }
        changed = old.nodes.filter { node in new.nodes.contains { $0.id == node.id && $0 != node } }.map(\.id)
        let edges = old.edges.map(Self.words) + old.relations.map(Self.words)
        let others = new.edges.map(Self.words) + new.relations.map(Self.words)
        addedEdges = others.filter { !edges.contains($0) }
        removedEdges = edges.filter { !others.contains($0) }
    }

    /// Whether the shapes are the same.
    public var isEmpty: Bool { self == GraphDifference() }

    private init() {}

    private static func words(_ relation: RelationOutline) -> String {
        let name = relation.label.map { " [\($0)]" } ?? ""
        return "\(relation.source) \(relation.kind.rawValue)\(name) \(relation.target)"
    }

    private static func words(_ edge: EdgeOutline) -> String {
        let way = edge.kind == .failure ? "on failure " : ""
        let name = edge.label.map { "[\($0)]" } ?? ""
        return "\(way)\(edge.source ?? "the start")\(name) → \(edge.target ?? (edge.finishes ? "finish" : "the end"))"
    }
}

extension GraphDifference: CustomStringConvertible {
    public var description: String {
        let parts = [
            Self.part("new", added), Self.part("gone", removed), Self.part("changed", changed),
            Self.part("new edges", addedEdges), Self.part("edges gone", removedEdges),
        ]
        return isEmpty ? "no difference in shape" : parts.compactMap { $0 }.joined(separator: "; ")
    }

    private static func part(_ name: String, _ items: [String]) -> String? {
        items.isEmpty ? nil : "\(name): \(items.joined(separator: ", "))"
    }
}
