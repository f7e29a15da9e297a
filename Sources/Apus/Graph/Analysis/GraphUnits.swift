/// The graph as each scope sees it: nodes and whole loops as units, with the edges among them and their graph order.
///
/// Units 0 ..< n are the nodes, n + k is loop k. Scope 0 is the top, k + 1 the inside of loop k.
struct GraphUnits {
    /// An edge as its scope sees it.
    struct Edge {
        /// Its number among the edges of the shape.
        var shapeEdge: Int
        /// The unit that decides it when it ends.
        var owner: Int
        /// The unit it leads to; -1 for a back edge and inside a region.
        var unit: Int
        /// The node it leads to.
        var target: Int
        /// The scope of owner and unit; for a back edge the loop's.
        var scope: Int
        var isBack: Bool
    }

    let shape: GraphShape
    let shapeEdges: ShapeEdges
    let forest: LoopForest
    private(set) var edges: [Edge] = []
    /// The units of each scope in graph order.
    private(set) var order: [[Int]] = []
    /// Each unit's place in the graph order of its scope.
    private(set) var places: [Int] = []

    var nodeCount: Int { shape.count }
    var unitCount: Int { shape.count + forest.loops.count }

    init(_ shape: GraphShape, _ shapeEdges: ShapeEdges, _ forest: LoopForest) {
        self.shape = shape
        self.shapeEdges = shapeEdges
        self.forest = forest
        edges = shapeEdges.edges.indices.map(resolve)
        arrange()
    }

    func scope(ofUnit unit: Int) -> Int {
        if unit < nodeCount { return forest.scopes[unit] + 1 }
        return (forest.loops[unit - nodeCount].parent ?? -1) + 1
    }

    /// The place where a unit was declared: a loop's is its header's.
    func declared(_ unit: Int) -> Int {
        if unit < nodeCount { return unit }
        let loop = forest.loops[unit - nodeCount]
        return loop.header ?? loop.core[0]
    }

    private func depth(_ scope: Int) -> Int { scope == 0 ? 0 : forest.loops[scope - 1].depth }
    private func parent(_ scope: Int) -> Int { (forest.loops[scope - 1].parent ?? -1) + 1 }

    private func resolve(_ index: Int) -> Edge {
        let edge = shapeEdges[index]
        var owner = edge.source
        var from = edge.source == nodeCount ? 0 : forest.scopes[edge.source] + 1
        var unit = edge.target
        var into = forest.scopes[edge.target] + 1
        let home = into
        while from != into {
            if depth(from) > depth(into) {
                owner = nodeCount + from - 1
                from = parent(from)
            } else {
                unit = nodeCount + into - 1
                into = parent(into)
            }
        }
        if from > 0, home == from, forest.loops[from - 1].header == edge.target || forest.loops[from - 1].isRegion {
            return Edge(
                shapeEdge: index, owner: owner, unit: -1, target: edge.target, scope: from,
                isBack: !forest.loops[from - 1].isRegion)
        }
        return Edge(
            shapeEdge: index, owner: owner, unit: unit, target: edge.target, scope: from, isBack: false)
    }

    /// Lists the units of every scope in graph order: again and again the first declared one whose predecessors are all listed.
    private mutating func arrange() {
        var waiting = [Int](repeating: 0, count: unitCount + 1)
        var rows = [[Int]](repeating: [], count: unitCount + 1)
        for (index, edge) in edges.enumerated() where edge.unit >= 0 {
            waiting[edge.unit] += 1
            rows[edge.owner == nodeCount && shapeEdges[edge.shapeEdge].source == nodeCount ? unitCount : edge.owner]
                .append(index)
        }
        order = Array(repeating: [], count: forest.loops.count + 1)
        places = Array(repeating: 0, count: unitCount)
        var heaps = [MinHeap<DeclaredUnit>](repeating: MinHeap(), count: forest.loops.count + 1)
        for index in rows[unitCount] {
            waiting[edges[index].unit] -= 1
        }
        let reached = shapeEdges.reachable()
        for unit in 0..<unitCount where waiting[unit] == 0 && reached[declared(unit)] {
            heaps[scope(ofUnit: unit)].insert(DeclaredUnit(declared: declared(unit), unit: unit))
        }
        for scope in heaps.indices {
            while let unit = heaps[scope].popMin()?.unit {
                places[unit] = order[scope].count
                order[scope].append(unit)
                for index in rows[unit] {
                    let next = edges[index].unit
                    waiting[next] -= 1
                    if waiting[next] == 0 { heaps[scope].insert(DeclaredUnit(declared: declared(next), unit: next)) }
                }
            }
        }
    }
}

/// A unit by where it was declared.
struct DeclaredUnit: Comparable {
    var declared: Int
    var unit: Int

    static func < (left: Self, right: Self) -> Bool { left.declared < right.declared }
}
