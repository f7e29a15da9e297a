/// Draws the links of a placed graph.
struct LayerRoutes {
    private let solver: LayerSolver
    private var routes: [LayerSolution.Route]
    private var graph: LayerGraph { solver.graph }

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

    // MARK: Downwards

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

    // MARK: Around the sides

    private func around(_ link: Int, _ vertex: Int, reach: inout Double) -> LayerSolution.Route {
        let value = graph.vertices[vertex]
        let middle = solver.top(of: vertex) + value.height / 2
        let right = solver.x[vertex] + value.left
        let far = right + reach + Self.selfLoop - 4
        let end = Point(x: right, y: middle - 7)
        let control = (far - right) / 3 + far
        var route = LayerSolution.Route()
        route.strokes = [
            .move(Point(x: right, y: middle + 7)),
            .curve(Point(x: control, y: middle + 26), Point(x: control, y: middle - 26), end),
        ]
        route.tip = Tip(point: end, direction: .left)
        route.label = solver.problem.links[link].label.map {
            Rect(x: far + 2, y: middle - $0.height / 2, width: $0.width, height: $0.height)
        }
        reach += Self.selfLoop + (route.label.map { $0.width + 8 } ?? 0)
        return route
    }

    /// How far a link from a unit to itself reaches out.
    static let selfLoop = 26.0

    private func aside(_ link: Int, _ lane: LayerSides.Lane) -> LayerSolution.Route {
        guard let source = graph.source(of: link) else { return LayerSolution.Route() }
        let column = Double(lane.column) * LayerSides.laneGap
        let laneX =
            lane.isRight
            ? solver.rightEdge + solver.sides.rightLabels + column : LayerSides.laneGap * 0.5 + column
        var corners: [Point] = []
        let exitY: Double
        if let place = solver.sides.sideExits[link] {
            exitY = touch(source, place)
            corners.append(Point(x: solver.x[source] + graph.vertices[source].right, y: exitY))
        } else {
            let row = graph.vertices[source].row
            var x = solver.x[source]
            if case .unit(_, let given) = solver.problem.links[link].source { x += given ?? 0 }
            exitY = solver.bottoms[row] + (solver.sides.depths[link] ?? 8)
            corners += [Point(x: x, y: solver.bottom(of: source)), Point(x: x, y: exitY)]
        }
        corners.append(Point(x: laneX, y: exitY))
        corners += entry(lane, laneX: laneX)
        var route = LayerSolution.Route(strokes: RoundedPath.strokes(through: corners, radius: 10))
        if let end = corners.last, graph.vertices[lane.target].role != .exit, solver.problem.links[link].hasTip {
            route.tip = Tip(point: end, direction: solver.sides.entersAtSide(lane) ? .left : .down)
        }
        if let size = solver.problem.links[link].label {
            let x = lane.isRight ? solver.rightEdge + 6 : laneX + 10
            route.label = Rect(x: x, y: exitY - size.height / 2, width: size.width, height: size.height)
        }
        return route
    }

    private func entry(_ lane: LayerSides.Lane, laneX: Double) -> [Point] {
        let target = lane.target
        if solver.sides.entersAtSide(lane) {
            let y = touch(target, 0)
            return [Point(x: laneX, y: y), Point(x: solver.x[target] + graph.vertices[target].right, y: y)]
        }
        let y = solver.tops[graph.vertices[target].row] - 14
        return [
            Point(x: laneX, y: y), Point(x: solver.x[target], y: y),
            Point(x: solver.x[target], y: solver.top(of: target)),
        ]
    }

    /// The height at which the given one of the links at the right of a vertex touches it.
    private func touch(_ vertex: Int, _ place: Int) -> Double {
        let middle = solver.top(of: vertex) + graph.vertices[vertex].height / 2
        let count = solver.sides.sideTouches[vertex] ?? 1
        return middle + (Double(place) - Double(count - 1) / 2) * 16
    }
}
