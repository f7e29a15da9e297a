/// A path along straight lines with rounded corners.
enum RoundedPath {
    static func strokes(through corners: [Point], radius: Double) -> [Stroke] {
        guard let first = corners.first, let last = corners.last else { return [] }
        var strokes: [Stroke] = [.move(first)]
        for index in corners.indices.dropFirst().dropLast() {
            let corner = corners[index]
            let before = step(from: corner, to: corners[index - 1], atMost: radius)
            let after = step(from: corner, to: corners[index + 1], atMost: radius)
            strokes.append(.line(before))
            strokes.append(.curve(control(before, corner), control(after, corner), after))
        }
        strokes.append(.line(last))
        return strokes
    }

    /// The point `distance` away from `start` towards `end`, at most half of the way.
    private static func step(from start: Point, to end: Point, atMost distance: Double) -> Point {
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        let length = (dx * dx + dy * dy).squareRoot()
        guard length > 0 else { return start }
        let share = min(distance / length, 0.5)
        return Point(x: start.x + dx * share, y: start.y + dy * share)
    }

    /// The control point that makes the corner all but a circle.
    private static func control(_ end: Point, _ corner: Point) -> Point {
        Point(x: end.x + (corner.x - end.x) * 0.55, y: end.y + (corner.y - end.y) * 0.55)
    }
}
