/// Orders the vertices within their rows so that few segments cross.
///
/// Sweeps down and up, each time sorting a row by the mean position of its vertices' neighbours, and keeps the best
/// order seen. A fixed number of sweeps, each of n log n.
struct LayerOrder {
    private let graph: LayerGraph
    private var rows: [[Int]]
    private var position: [Int]

    static func rows(of graph: LayerGraph) -> [[Int]] {
        var order = LayerOrder(graph)
        return order.best()
    }

    private init(_ graph: LayerGraph) {
        self.graph = graph
        rows = graph.rows
        position = Array(repeating: 0, count: graph.vertices.count)
        for row in rows.indices { number(row) }
    }

    private mutating func best() -> [[Int]] {
        var best = rows
        var fewest = crossings()
        let sweeps = graph.vertices.count < 1500 ? 16 : graph.vertices.count < 10_000 ? 8 : 4
        for sweep in 0..<sweeps where fewest > 0 {
            if sweep % 2 == 0 {
                for row in rows.indices.dropFirst() { sort(row, by: graph.above) }
            } else {
                for row in rows.indices.dropLast().reversed() { sort(row, by: graph.below) }
            }
            if graph.vertices.count < 1500 { transpose() }
            let count = crossings()
            if count < fewest {
                fewest = count
                best = rows
            }
        }
        return best
    }

    private mutating func number(_ row: Int) {
        for (place, vertex) in rows[row].enumerated() { position[vertex] = place }
    }

    private mutating func sort(_ row: Int, by neighbours: [[Int]]) {
        let keys = rows[row].enumerated().map { place, vertex in
            let segments = neighbours[vertex]
            guard !segments.isEmpty else { return (key: Double(place), place: place, vertex: vertex) }
            let sum = segments.reduce(0.0) { $0 + placeOfOther($1, than: vertex) }
            return (key: sum / Double(segments.count), place: place, vertex: vertex)
        }
        rows[row] = keys.sorted { ($0.key, $0.place) < ($1.key, $1.place) }.map(\.vertex)
        number(row)
    }

    private func placeOfOther(_ segment: Int, than vertex: Int) -> Double {
        let segment = graph.segments[segment]
        if segment.lower != vertex { return Double(position[segment.lower]) }
        return Double(position[segment.upper]) + portion(segment)
    }

    /// Where along its upper vertex a segment begins: between -0.5 and 0.5.
    private func portion(_ segment: LayerGraph.Segment) -> Double {
        let vertex = graph.vertices[segment.upper]
        let width = max(vertex.left, vertex.right) * 2
        return width > 0 ? max(-0.49, min(0.49, segment.offset / width)) : 0
    }

    /// Swaps neighbours wherever that removes crossings.
    private mutating func transpose() {
        for row in rows.indices where rows[row].count > 1 && rows[row].count <= 60 {
            for place in rows[row].indices.dropLast() {
                let (left, right) = (rows[row][place], rows[row][place + 1])
                let now = pairCrossings(left, right)
                guard now > 0, pairCrossings(right, left) < now else { continue }
                rows[row].swapAt(place, place + 1)
                position[left] = place + 1
                position[right] = place
            }
        }
    }

    private func pairCrossings(_ left: Int, _ right: Int) -> Int {
        var count = 0
        for neighbours in [graph.above, graph.below] {
            for first in neighbours[left] {
                let place = placeOfOther(first, than: left)
                for second in neighbours[right] where place > placeOfOther(second, than: right) { count += 1 }
            }
        }
        return count
    }

    private func crossings() -> Int {
        rows.indices.dropLast().reduce(0) { $0 + crossings(below: $1) }
    }

    /// The crossings between a row and the next: the inversions of the lower ends, counted in a Fenwick tree.
    private func crossings(below row: Int) -> Int {
        var lower: [Int] = []
        for vertex in rows[row] {
            let segments = graph.below[vertex].sorted {
                let (first, second) = (graph.segments[$0], graph.segments[$1])
                return (first.offset, position[first.lower]) < (second.offset, position[second.lower])
            }
            lower += segments.map { position[graph.segments[$0].lower] }
        }
        guard lower.count > 1 else { return 0 }
        var tree = Array(repeating: 0, count: rows[row + 1].count + 1)
        var count = 0
        for (seen, place) in lower.enumerated() {
            var index = place + 1
            var notGreater = 0
            while index > 0 {
                notGreater += tree[index]
                index -= index & -index
            }
            count += seen - notGreater
            index = place + 1
            while index < tree.count {
                tree[index] += 1
                index += index & -index
            }
        }
        return count
    }
}
