/// Lays out the clusters of an outline from the inside to the outside: each loop is solved on its own and is one unit
/// to what surrounds it.
struct LayoutPlan {
    /// A link of a cluster, a piece of an edge.
    struct Piece: Hashable {
        var cluster: Int
        var link: Int
    }

    let outline: GraphOutline
    let map: OutlineMap
    let contents: [BoxContent]
    let edges: [(edge: OutlineMap.Edge, labels: [String])]
    private(set) var problems: [LayerProblem]
    private(set) var solutions: [LayerSolution]
    /// The pieces of each edge, from its source on.
    private(set) var pieces: [[Piece]]
    /// Where edges go on inside a loop, with one of the edges that do.
    private(set) var entries: [(piece: Piece, edge: Int)] = []
    private(set) var unitOfNode: [Int]
    private(set) var unitOfCluster: [Int]
    /// Which link of an inner cluster a link continues.
    private var continued: [Piece: Piece] = [:]
    private var entryLinks: [Piece: Int] = [:]

    static let padding = 14.0
    static let headroom = 26.0

    init(_ outline: GraphOutline, _ contents: [BoxContent]) {
        self.outline = outline
        self.contents = contents
        map = OutlineMap(outline)
        edges = map.mergedEdges
        problems = Array(repeating: LayerProblem(), count: map.clusters.count)
        solutions = Array(repeating: LayerSolution(), count: map.clusters.count)
        pieces = Array(repeating: [], count: edges.count)
        unitOfNode = Array(repeating: 0, count: outline.nodes.count)
        unitOfCluster = Array(repeating: 0, count: map.clusters.count)
        placeUnits()
        for edge in edges.indices { split(edge) }
    }

    var hasStart: Bool { problems[0].first != nil }

    private mutating func placeUnits() {
        if edges.contains(where: { $0.edge.source == nil }) {
            problems[0].first = 0
            problems[0].units.append(.init(left: 8, right: 8, height: 16, hasSides: false))
        }
        for (index, cluster) in map.clusters.enumerated() {
            for member in cluster.members {
                let unit = problems[index].units.count
                switch member {
                case .node(let node):
                    unitOfNode[node] = unit
                    let extent = contents[node].extent
                    let half = extent.width / 2
                    problems[index].units.append(.init(left: half, right: half, height: extent.height))
                case .cluster(let inner):
                    unitOfCluster[inner] = unit
                    problems[index].units.append(.init(left: 0, right: 0, height: 0, hasSides: false))
                }
            }
            if index > 0 { problems[index].headroom = Self.headroom }
            if let header = cluster.header, map.home[header] == index { problems[index].first = unitOfNode[header] }
        }
    }

    /// Cuts an edge where it crosses the borders of loops.
    private mutating func split(_ index: Int) {
        let edge = edges[index].edge
        var cluster = edge.source.map { map.home[$0] } ?? 0
        var unit = edge.source.map { unitOfNode[$0] } ?? 0
        var way: [Int] = []
        var common = edge.target.map { map.home[$0] } ?? cluster
        while map.clusters[common].depth > map.clusters[cluster].depth { common = descend(&way, common) }
        var label = EdgeLabel(edges[index].labels).extent
        while cluster != common {
            append(index, in: cluster, from: unit, to: .outside, label)
            label = nil
            unit = unitOfCluster[cluster]
            cluster = map.clusters[cluster].parent ?? 0
            if map.clusters[common].depth > map.clusters[cluster].depth { common = descend(&way, common) }
        }
        if let target = edge.target {
            let reached = way.last.map { unitOfCluster[$0] } ?? unitOfNode[target]
            append(index, in: cluster, from: unit, to: .unit(reached), label, hasTip: way.isEmpty)
        } else {
            append(index, in: cluster, from: unit, to: .end(finish: edge.finishes), label)
        }
        enter(index, way)
    }

    private func descend(_ way: inout [Int], _ cluster: Int) -> Int {
        way.append(cluster)
        return map.clusters[cluster].parent ?? 0
    }

    private mutating func append(
        _ edge: Int, in cluster: Int, from unit: Int, to target: LayerProblem.Target, _ label: Extent?,
        hasTip: Bool = true
    ) {
        let piece = Piece(cluster: cluster, link: problems[cluster].links.count)
        if let last = pieces[edge].last { continued[piece] = last }
        pieces[edge].append(piece)
        problems[cluster].links.append(
            .init(
                source: .unit(unit, offset: nil), target: target, kind: edges[edge].edge.kind, label: label,
                hasTip: hasTip))
        if target == .unit(unit) {
            let width = LayerRoutes.selfLoop + (label.map { $0.width + 8 } ?? 0)
            problems[cluster].units[unit].right += width
            problems[cluster].units[unit].hasSides = false
        }
    }

    /// Goes on into the loops that `way` lists from the inside; edges to one node share their way in.
    private mutating func enter(_ edge: Int, _ way: [Int]) {
        guard let target = edges[edge].edge.target else { return }
        for (depth, cluster) in way.enumerated().reversed() {
            let unit = depth == 0 ? unitOfNode[target] : unitOfCluster[way[depth - 1]]
            let key = Piece(cluster: cluster, link: unit)
            let kind = edges[edge].edge.kind
            if let known = entryLinks[key] {
                let piece = entries[known].piece
                if problems[cluster].links[piece.link].kind != kind {
                    problems[cluster].links[piece.link].kind = .forward
                }
                continue
            }
            entryLinks[key] = entries.count
            entries.append((Piece(cluster: cluster, link: problems[cluster].links.count), edge))
            problems[cluster].links.append(
                .init(source: .outside, target: .unit(unit), kind: kind, hasTip: depth == 0))
        }
    }

    mutating func solve() {
        for cluster in problems.indices.reversed() {
            for link in problems[cluster].links.indices {
                guard case .unit(let unit, _) = problems[cluster].links[link].source,
                    let inner = continued[Piece(cluster: cluster, link: link)]
                else { continue }
                let solution = solutions[inner.cluster]
                let offset = (solution.exits[inner.link] ?? 0) - anchor(of: inner.cluster)
                problems[cluster].links[link].source = .unit(unit, offset: offset)
            }
            let solution = LayerSolver.solve(problems[cluster])
            solutions[cluster] = solution
            guard let parent = map.clusters[cluster].parent else { continue }
            let unit = unitOfCluster[cluster]
            problems[parent].units[unit].left = anchor(of: cluster) + Self.padding
            problems[parent].units[unit].right = solution.extent.width - anchor(of: cluster) + Self.padding
            problems[parent].units[unit].height = solution.extent.height + (solution.exits.isEmpty ? 12 : 0)
        }
    }

    /// Where the anchor of a cluster stands in its own drawing.
    func anchor(of cluster: Int) -> Double { solutions[cluster].entry ?? solutions[cluster].extent.width / 2 }
}
