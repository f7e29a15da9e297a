/// Lays a ``LayerProblem`` out: ranks, rows, order, columns, heights, routes.
struct LayerSolver {
    let problem: LayerProblem
    let graph: LayerGraph
    /// The anchor of each vertex.
    private(set) var x: [Double]
    private(set) var tops: [Double] = []
    private(set) var bottoms: [Double] = []
    /// How far right the drawing reaches without the lanes at its side.
    let rightEdge: Double
    let sides: LayerSides

    static func solve(_ problem: LayerProblem) -> LayerSolution {
        let solver = LayerSolver(problem)
        return LayerRoutes(solver).solution()
    }

    private init(_ problem: LayerProblem) {
        self.problem = problem
        var graph = LayerGraph(problem)
        graph.rows = LayerOrder.rows(of: graph)
        self.graph = graph
        let anchors = LayerColumns.anchors(of: graph)
        sides = LayerSides(graph, problem)
        x = anchors.map { [sides] in $0 + sides.leftWidth }
        rightEdge = zip(x, graph.vertices).map { $0 + $1.right }.max() ?? 0
        placeRows()
    }

    /// The top of a vertex: in the middle of its row, but near the top of one that is much taller.
    func top(of vertex: Int) -> Double {
        let row = graph.vertices[vertex].row
        let room = bottoms[row] - tops[row] - graph.vertices[vertex].height
        return tops[row] + min(room / 2, 16)
    }

    func bottom(of vertex: Int) -> Double { top(of: vertex) + graph.vertices[vertex].height }

    private mutating func placeRows() {
        let slopes = steepness()
        var y = 0.0
        for row in graph.rows.indices {
            if row > 0 {
                y += gap(above: row, slope: slopes[row - 1])
            } else {
                y = isBorder(row) ? 0 : problem.headroom + sides.roomAbove(row)
            }
            tops.append(y)
            y += graph.rows[row].map { graph.vertices[$0].height }.max() ?? 0
            bottoms.append(y)
        }
    }

    private func isBorder(_ row: Int) -> Bool {
        graph.rows[row].contains { graph.vertices[$0].role == .entry || graph.vertices[$0].role == .exit }
    }

    private func gap(above row: Int, slope: Double) -> Double {
        let base: Double
        if graph.rows[row - 1].contains(where: { graph.vertices[$0].role == .entry }) {
            base = max(problem.headroom, 20)
        } else if graph.isLabelRow[row] {
            base = 18
        } else if graph.isLabelRow[row - 1] {
            base = 24
        } else {
            base = isBorder(row) ? 16 : 36
        }
        return base + slope + sides.roomBelow(row - 1) + sides.roomAbove(row)
    }

    /// Extra room for each gap in which links run far to the side, so that they do not run flat.
    private func steepness() -> [Double] {
        var widest = Array(repeating: 0.0, count: graph.rows.count)
        for segment in graph.segments {
            let row = graph.vertices[segment.upper].row
            widest[row] = max(widest[row], abs(x[segment.upper] + segment.offset - x[segment.lower]))
        }
        return widest.map { min(80, max(0, ($0 - 60) * 0.09)) }
    }
}
