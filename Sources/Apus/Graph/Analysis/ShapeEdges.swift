/// The edges of a shape in rows, by source; the row `count` holds those of the virtual first node.
struct ShapeEdges {
    struct Edge {
        var source: Int
        var target: Int
        /// The number of the case at its source.
        var caseNumber: Int
    }

    let nodeCount: Int
    private(set) var edges: [Edge] = []
    private var rows: [Int] = []
    private var backRows: [Int] = []
    private var backEdges: [Int] = []

    init(_ shape: GraphShape) {
        nodeCount = shape.count
        rows.reserveCapacity(shape.count + 2)
        rows.append(0)
        for node in 0..<shape.count {
            append(shape.exits[node].cases, from: node)
            if let failure = shape.exits[node].failure {
                let number = shape.exits[node].cases.count
                for target in failure { edges.append(Edge(source: node, target: target, caseNumber: number)) }
            }
            rows.append(edges.count)
        }
        append(shape.starts, from: shape.count)
        rows.append(edges.count)
        indexTargets()
    }

    private mutating func indexTargets() {
        backRows = Array(repeating: 0, count: nodeCount + 1)
        for edge in edges { backRows[edge.target + 1] += 1 }
        for node in 0..<nodeCount { backRows[node + 1] += backRows[node] }
        var next = backRows
        backEdges = Array(repeating: 0, count: edges.count)
        for (number, edge) in edges.enumerated() {
            backEdges[next[edge.target]] = number
            next[edge.target] += 1
        }
    }

    /// The edges into `node`, in the order of their numbers.
    func into(_ node: Int) -> ArraySlice<Int> { backEdges[backRows[node]..<backRows[node + 1]] }

    private mutating func append(_ cases: [CaseShape], from source: Int) {
        for (number, one) in cases.enumerated() {
            for target in one.targets { edges.append(Edge(source: source, target: target, caseNumber: number)) }
        }
    }

    /// The numbers of the edges out of `node`.
    func row(_ node: Int) -> Range<Int> { rows[node]..<rows[node + 1] }

    subscript(index: Int) -> Edge { edges[index] }

    /// Which nodes some path from the virtual first node reaches.
    func reachable() -> [Bool] {
        var seen = [Bool](repeating: false, count: nodeCount + 1)
        var open = [nodeCount]
        seen[nodeCount] = true
        while let node = open.popLast() {
            for index in row(node) where !seen[edges[index].target] {
                seen[edges[index].target] = true
                open.append(edges[index].target)
            }
        }
        return seen
    }
}
