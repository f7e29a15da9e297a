/// An outline with its names resolved: edges by the positions of their nodes, nodes by the loops they lie in.
///
/// An outline may come from anywhere. What does not resolve is left out: an edge to a node that is not there, the
/// second of two nodes with one name as an end of edges, a loop that lies across another one.
struct OutlineMap {
    /// An edge between positions in ``GraphOutline/nodes``.
    struct Edge: Hashable {
        var source: Int?
        var target: Int?
        var kind: EdgeOutline.Kind
        var label: String?
        /// Whether it ends the whole graph.
        var finishes = false
    }

    /// The nodes of one loop, or those outside of all loops.
    struct Cluster {
        var header: Int?
        var parent: Int?
        var depth = 0
        var members: [Member] = []
    }

    enum Member: Hashable {
        case node(Int)
        case cluster(Int)
    }

    /// What is drawn besides edges, between positions.
    struct Relation: Hashable {
        var source: Int
        var target: Int
        var kind: RelationOutline.Kind
        var words: String
    }

    private(set) var edges: [Edge] = []
    private(set) var relations: [Relation] = []
    /// The whole graph first, outer loops before inner ones. A loop of a single node is no cluster.
    private(set) var clusters = [Cluster()]
    /// The innermost cluster of each node.
    private(set) var home: [Int]

    init(_ outline: GraphOutline) {
        var index: [String: Int] = [:]
        for (position, node) in outline.nodes.enumerated() where index[node.id] == nil { index[node.id] = position }
        home = Array(repeating: 0, count: outline.nodes.count)
        edges = outline.edges.compactMap { edge in
            let source = edge.source.map { index[$0] }
            let target = edge.target.map { index[$0] }
            if source == .some(.none) || target == .some(.none) { return nil }
            let exit = (source ?? nil).map { outline.nodes[$0].exit }
            let finishes = edge.target == nil && (edge.finishes || exit == .finish)
            return Edge(
                source: source ?? nil, target: target ?? nil, kind: edge.kind, label: edge.label, finishes: finishes)
        }
        relations = outline.relations.compactMap { relation in
            guard let source = index[relation.source], let target = index[relation.target] else { return nil }
            return Relation(source: source, target: target, kind: relation.kind, words: relation.words)
        }
        addEnds(of: outline)
        placeLoops(of: outline, index)
        listMembers()
    }

    /// Edges that differ in their label alone, as one edge with several labels, in the order of the first.
    var mergedEdges: [(edge: Edge, labels: [String])] {
        var position: [Edge: Int] = [:]
        var merged: [(edge: Edge, labels: [String])] = []
        for edge in edges {
            var key = edge
            key.label = nil
            let labels = edge.label.map { [$0] } ?? []
            if let known = position[key] {
                merged[known].labels += labels
            } else {
                position[key] = merged.count
                merged.append((key, labels))
            }
        }
        return merged
    }

    /// A node without an exit ends its path.
    private mutating func addEnds(of outline: GraphOutline) {
        var hasExit = outline.nodes.map { $0.exit != .none }
        for edge in edges where edge.kind != .failure {
            if let source = edge.source { hasExit[source] = true }
        }
        for node in outline.nodes.indices where !hasExit[node] {
            edges.append(Edge(source: node, target: nil, kind: .forward))
        }
    }

    private mutating func placeLoops(of outline: GraphOutline, _ index: [String: Int]) {
        let loops = outline.loops.compactMap { loop -> (header: Int, nodes: [Int])? in
            guard let header = index[loop.header] else { return nil }
            var nodes = Set(loop.nodes.compactMap { index[$0] })
            nodes.insert(header)
            return nodes.count > 1 ? (header, nodes.sorted()) : nil
        }
        let bySize = loops.enumerated().sorted {
            ($1.element.nodes.count, $0.offset) < ($0.element.nodes.count, $1.offset)
        }
        for (_, loop) in bySize {
            let parent = home[loop.header]
            guard loop.nodes.allSatisfy({ home[$0] == parent }), clusters[parent].header != loop.header else {
                continue
            }
            let cluster = Cluster(header: loop.header, parent: parent, depth: clusters[parent].depth + 1)
            for node in loop.nodes { home[node] = clusters.count }
            clusters.append(cluster)
        }
    }

    /// Lists each cluster where its first node is declared.
    private mutating func listMembers() {
        var listed = Array(repeating: false, count: clusters.count)
        for node in home.indices {
            clusters[home[node]].members.append(.node(node))
            var cluster = home[node]
            while let parent = clusters[cluster].parent, !listed[cluster] {
                listed[cluster] = true
                clusters[parent].members.append(.cluster(cluster))
                cluster = parent
            }
        }
    }
}
