/// A place in a drawing; y grows downwards.
struct Point: Equatable, Sendable {
    var x: Double
    var y: Double

    func moved(by offset: Point) -> Point { Point(x: x + offset.x, y: y + offset.y) }
}

/// An upright rectangle in a drawing.
struct Rect: Equatable, Sendable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    func moved(by offset: Point) -> Rect { Rect(x: x + offset.x, y: y + offset.y, width: width, height: height) }
}

/// The size of something that has not been placed yet.
struct Extent: Equatable, Sendable {
    var width: Double
    var height: Double
}

/// What is to be laid out in layers: boxes of known size, links among them, and links that cross the border around them.
struct LayerProblem {
    /// A box, measured from its anchor: the vertical line on which links enter it.
    struct Unit {
        var left: Double
        var right: Double
        var height: Double
        /// Whether links may touch its sides too.
        var hasSides = true
    }

    enum Source: Equatable {
        /// A unit, and how far right of its anchor the link leaves its bottom; `nil` leaves that to the layout.
        case unit(Int, offset: Double?)
        /// The border's top.
        case outside
    }

    enum Target: Equatable {
        case unit(Int)
        /// The border's bottom.
        case outside
        /// A mark that the path, or with `finish` the whole graph, ends here.
        case end(finish: Bool)
    }

    struct Link {
        var source: Source
        var target: Target
        var kind: EdgeOutline.Kind = .forward
        var label: Extent?
        /// Whether the link ends here rather than going on into the unit it reaches.
        var hasTip = true
    }

    var units: [Unit] = []
    var links: [Link] = []
    /// The unit everything else follows.
    var first: Int?
    /// Room above the first row.
    var headroom = 0.0
}

/// A part of the path of a link.
enum Stroke: Equatable, Sendable {
    case move(Point)
    case line(Point)
    case curve(Point, Point, Point)

    func moved(by offset: Point) -> Stroke {
        switch self {
        case .move(let point): .move(point.moved(by: offset))
        case .line(let point): .line(point.moved(by: offset))
        case .curve(let first, let second, let end):
            .curve(first.moved(by: offset), second.moved(by: offset), end.moved(by: offset))
        }
    }
}

/// The head of an arrow.
struct Tip: Equatable, Sendable {
    enum Direction: Sendable { case down, left, right }

    var point: Point
    var direction: Direction
}

/// Where everything of a ``LayerProblem`` goes, measured from the top left corner.
struct LayerSolution {
    struct Route {
        var strokes: [Stroke] = []
        var tip: Tip?
        var label: Rect?
    }

    /// Top of the anchor of each unit.
    var units: [Point] = []
    /// One route a link.
    var routes: [Route] = []
    var ends: [(center: Point, finish: Bool)] = []
    var extent = Extent(width: 0, height: 0)
    /// Where each link to the outside crosses the bottom, by its position.
    var exits: [Int: Double] = [:]
    /// Where the first link from the outside crosses the top.
    var entry: Double?
}
