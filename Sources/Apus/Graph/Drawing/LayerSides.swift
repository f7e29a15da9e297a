/// The links that run around the sides: on which lane, and where they turn.
///
/// A link upwards leaves and enters at the right of a box that has nothing but lines to its right; otherwise it
/// leaves below its row and enters above it. Links to one target share a lane.
struct LayerSides {
    struct Lane {
        var isRight: Bool
        var target: Int
        var links: [Int] = []
        var column = 0
    }

    private(set) var lanes: [Lane] = []
    /// Links that leave at the right of a vertex, with their place among those that touch it there.
    private(set) var sideExits: [Int: Int] = [:]
    /// The number of links that touch the right of a vertex.
    private(set) var sideTouches: [Int: Int] = [:]
    /// For a link that leaves below its row: how far below.
    private(set) var depths: [Int: Double] = [:]
    private(set) var leftWidth = 0.0
    private(set) var rightWidth = 0.0
    private(set) var rightLabels = 0.0
    private var below: [Double]
    private var above: [Double]
    private var isRightmost: [Bool]

    static let laneGap = 14.0

    init(_ graph: LayerGraph, _ problem: LayerProblem) {
        below = Array(repeating: 0, count: graph.rows.count)
        above = below
        isRightmost = Array(repeating: false, count: graph.vertices.count)
        for row in graph.rows {
            guard let last = row.last(where: { !graph.vertices[$0].isPiece }) else { continue }
            isRightmost[last] = problem.units.indices.contains(last) && problem.units[last].hasSides
        }
        collectLanes(graph)
        for lane in lanes.indices { place(lane, graph, problem) }
        assignColumns(graph)
        measure(problem)
    }

    func roomBelow(_ row: Int) -> Double { below[row] }
    func roomAbove(_ row: Int) -> Double { above[row] }

    /// Whether links of a lane enter at the right of its target.
    func entersAtSide(_ lane: Lane) -> Bool { lane.isRight && isRightmost[lane.target] }

    private mutating func collectLanes(_ graph: LayerGraph) {
        var known: [[Int]: Int] = [:]
        for (link, course) in graph.courses.enumerated() {
            let target: Int
            let isRight: Bool
            switch course {
            case .up(_, let end): (target, isRight) = (end, true)
            case .express(_, let end): (target, isRight) = (end, false)
            case .down, .around: continue
            }
            let key = [target, isRight ? 1 : 0]
            if known[key] == nil {
                known[key] = lanes.count
                lanes.append(Lane(isRight: isRight, target: target))
            }
            lanes[known[key] ?? 0].links.append(link)
        }
    }

    private mutating func place(_ index: Int, _ graph: LayerGraph, _ problem: LayerProblem) {
        let lane = lanes[index]
        if entersAtSide(lane) {
            sideTouches[lane.target, default: 0] += 1
        } else {
            above[graph.vertices[lane.target].row] = 16
        }
        var shared: [Int: Double] = [:]
        for link in lane.links {
            guard let source = graph.source(of: link) else { continue }
            let label = problem.links[link].label
            if lane.isRight, isRightmost[source], sideTouches[source, default: 0] < 2 {
                sideExits[link] = sideTouches[source, default: 0]
                sideTouches[source, default: 0] += 1
                continue
            }
            let row = graph.vertices[source].row
            if label == nil, let depth = shared[row] {
                depths[link] = depth
            } else {
                let step = max(12, (label?.height ?? 0) + 4)
                depths[link] = below[row] + step / 2 + 4
                below[row] += step
                if label == nil { shared[row] = depths[link] }
            }
        }
    }

    /// Gives short lanes the inner columns; lanes that overlap get different ones as long as there are few.
    private mutating func assignColumns(_ graph: LayerGraph) {
        let spans = lanes.map { lane -> (low: Int, high: Int) in
            let rows = (lane.links.compactMap { graph.source(of: $0) } + [lane.target]).map { graph.vertices[$0].row }
            return (rows.min() ?? 0, rows.max() ?? 0)
        }
        let byLength = lanes.indices.sorted {
            (spans[$0].high - spans[$0].low, $0) < (spans[$1].high - spans[$1].low, $1)
        }
        var taken: [[(low: Int, high: Int)]] = Array(repeating: [], count: 24)
        for lane in byLength {
            let side = lanes[lane].isRight ? 0 : 12
            let free = (0..<12).first { column in
                taken[side + column].count < 64
                    && !taken[side + column].contains { $0.low <= spans[lane].high && spans[lane].low <= $0.high }
            }
            let column = free ?? lane % 12
            lanes[lane].column = column
            taken[side + column].append(spans[lane])
        }
    }

    private mutating func measure(_ problem: LayerProblem) {
        for isRight in [true, false] {
            let mine = lanes.filter { $0.isRight == isRight }
            guard let columns = mine.map(\.column).max() else { continue }
            let labels = mine.flatMap(\.links).compactMap { problem.links[$0].label?.width }.max()
            let width = Double(columns + 1) * Self.laneGap + (labels.map { $0 + 24 } ?? 4)
            if isRight {
                (rightWidth, rightLabels) = (width, labels.map { $0 + 24 } ?? 4)
            } else {
                leftWidth = width
            }
        }
    }
}

extension LayerGraph {
    /// The vertex where a link that runs around a side begins.
    func source(of link: Int) -> Int? {
        switch courses[link] {
        case .up(let source, _), .express(let source, _), .around(let source): source
        case .down: nil
        }
    }
}
