extension LayerRoutes {
    func around(_ link: Int, _ vertex: Int, reach: inout Double) -> LayerSolution.Route {
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

    func aside(_ link: Int, _ lane: LayerSides.Lane) -> LayerSolution.Route {
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
