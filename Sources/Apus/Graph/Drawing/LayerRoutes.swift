/// Draws the links of a placed graph.
struct LayerRoutes {
    let solver: LayerSolver
    private var routes: [LayerSolution.Route]
    var graph: LayerGraph { solver.graph }

    init(_ solver: LayerSolver) {
        self.solver = solver
        routes = Array(repeating: LayerSolution.Route(), count: solver.problem.links.count)
    }

    func solution() -> LayerSolution {
        var copy = self
        var reach: [Int: Double] = [:]
        for (link, course) in graph.courses.enumerated() {
            switch course {
            case .down(let chain): copy.routes[link] = down(link, chain)
            case .around(let vertex):
                copy.routes[link] = around(link, vertex, reach: &reach[vertex, default: 0])
            case .up, .express: break
            }
        }
        for lane in solver.sides.lanes {
            for link in lane.links { copy.routes[link] = aside(link, lane) }
        }
        return copy.collected()
    }

    private func collected() -> LayerSolution {
        var solution = LayerSolution()
        solution.routes = routes
        solution.units = solver.problem.units.indices.map { Point(x: solver.x[$0], y: solver.top(of: $0)) }
        for (vertex, value) in graph.vertices.enumerated() {
            if case .end(let finish) = value.role {
                let center = Point(x: solver.x[vertex], y: solver.top(of: vertex) + value.height / 2)
                solution.ends.append((center, finish))
            }
        }
        for (link, course) in graph.courses.enumerated() {
            guard case .down(let chain) = course, let first = chain.first, let last = chain.last else { continue }
            if graph.vertices[first].role == .entry, solution.entry == nil { solution.entry = solver.x[first] }
            if graph.vertices[last].role == .exit { solution.exits[link] = solver.x[last] }
        }
        for (link, course) in graph.courses.enumerated() {
            guard case .express(_, let target) = course, graph.vertices[target].role == .exit else { continue }
            solution.exits[link] = solver.x[target]
        }
        let height = (solver.bottoms.last ?? 0) + (graph.rows.indices.last.map(solver.sides.roomBelow) ?? 0)
        solution.extent = Extent(width: solver.rightEdge + solver.sides.rightWidth, height: height)
        return solution
    }

    private func down(_ link: Int, _ chain: [Int]) -> LayerSolution.Route {
        var route = LayerSolution.Route()
        let start = Point(x: solver.x[chain[0]] + offset(of: link, chain), y: solver.bottom(of: chain[0]))
        route.strokes = [.move(start)]
        var here = Point(x: start.x, y: solver.bottoms[graph.vertices[chain[0]].row])
        if here.y > start.y { route.strokes.append(.line(here)) }
        for vertex in chain.dropFirst() {
            let row = graph.vertices[vertex].row
            let next = Point(x: solver.x[vertex], y: solver.tops[row])
            route.strokes.append(curve(from: here, to: next))
            if graph.vertices[vertex].role == .label { route.label = label(link, at: solver.x[vertex], row: row) }
            here = next
            let isLast = vertex == chain.last
            let end = isLast ? solver.top(of: vertex) : solver.bottoms[row]
            if end > here.y {
                here.y = end
                route.strokes.append(.line(here))
            }
        }
        if solver.problem.links[link].hasTip, solver.problem.links[link].target != .outside {
            route.tip = Tip(point: here, direction: .down)
        }
        return route
    }

    /// Links leave at the middle; an `onFailure` beside other exits leaves near the corner it goes to.
    private func offset(of link: Int, _ chain: [Int]) -> Double {
        guard case .unit(let unit, let given) = solver.problem.links[link].source else { return 0 }
        if let given { return given }
        guard solver.problem.links[link].kind == .failure, graph.below[unit].count > 1 else { return 0 }
        let vertex = graph.vertices[unit]
        let room = min(vertex.left, vertex.right) - 16
        return max(0, min(room, 28)) * (solver.x[chain[1]] < solver.x[unit] ? -1 : 1)
    }

    private func curve(from start: Point, to end: Point) -> Stroke {
        if abs(start.x - end.x) < 0.5 { return .line(end) }
        let middle = (start.y + end.y) / 2
        return .curve(Point(x: start.x, y: middle), Point(x: end.x, y: middle), end)
    }

    private func label(_ link: Int, at x: Double, row: Int) -> Rect? {
        guard let size = solver.problem.links[link].label else { return nil }
        let middle = (solver.tops[row] + solver.bottoms[row]) / 2
        return Rect(x: x - size.width / 2, y: middle - size.height / 2, width: size.width, height: size.height)
    }
}
