/// A ``LayerProblem`` in rows: units, and for each link a chain of vertices that meets every row on its way.
struct LayerGraph {
    enum Role: Equatable {
        case unit
        case end(finish: Bool)
        case entry, exit, bend, label
    }

    struct Vertex {
        var role: Role
        var left: Double
        var right: Double
        var height: Double
        var row: Int
        /// Whether it is a piece of a link rather than a thing of its own.
        var isPiece: Bool { role == .bend || role == .label }
    }

    /// Two neighbours on a link, in consecutive rows.
    struct Segment {
        var upper: Int
        var lower: Int
        /// How far right of the upper vertex's anchor it begins.
        var offset: Double
    }

    /// How a link runs.
    enum Course: Equatable {
        /// Downwards through the vertices of its chain.
        case down([Int])
        /// Around the right side, from a vertex up to another one.
        case up(Int, Int)
        /// Around the left side, past more rows than is worth a chain.
        case express(Int, Int)
        /// From a vertex to itself.
        case around(Int)
    }

    var vertices: [Vertex] = []
    var rows: [[Int]] = []
    var segments: [Segment] = []
    /// Segments that end at a vertex.
    var above: [[Int]] = []
    /// Segments that begin at a vertex.
    var below: [[Int]] = []
    /// One course a link.
    var courses: [Course] = []
    /// The rows that hold labels, not units.
    var isLabelRow: [Bool] = []

    init(_ problem: LayerProblem) {
        var draft = LayerDraft(problem)
        draft.splitRows()
        vertices = draft.vertices
        courses = draft.courses(of: problem.links) { vertices.append($0) }
        isLabelRow = draft.isLabelRow
        rows = Array(repeating: [], count: isLabelRow.count)
        above = Array(repeating: [], count: vertices.count)
        below = above
        for (course, link) in zip(courses, problem.links) {
            guard case .down(let chain) = course else { continue }
            var offset = 0.0
            if case .unit(_, let given) = link.source { offset = given ?? 0 }
            for (upper, lower) in zip(chain, chain.dropFirst()) {
                below[upper].append(segments.count)
                above[lower].append(segments.count)
                segments.append(Segment(upper: upper, lower: lower, offset: offset))
                offset = 0
            }
        }
        fillRows()
    }

    /// Fills the rows in the order in which a walk along the links, in their order, meets the vertices.
    private mutating func fillRows() {
        var isMet = Array(repeating: false, count: vertices.count)
        let roots = vertices.indices.filter { above[$0].isEmpty }
            .sorted { (vertices[$0].row, $0) < (vertices[$1].row, $1) }
        var stack: [Int] = []
        for root in roots {
            stack.append(root)
            while let vertex = stack.popLast() {
                guard !isMet[vertex] else { continue }
                isMet[vertex] = true
                rows[vertices[vertex].row].append(vertex)
                for segment in below[vertex].reversed() { stack.append(segments[segment].lower) }
            }
        }
    }
}
