/// Gives each vertex a horizontal place: long links run straight, parents stand over the middle of their children.
///
/// The method of Brandes and Köpf ("Fast and Simple Horizontal Coordinate Assignment", 2002): align each vertex with
/// a median neighbour in four ways, compact each, and take the mean of the two middle results. Linear time.
struct LayerColumns {
    private let graph: LayerGraph
    /// Segments that would break a straight piece of a longer link.
    private var isBarred: [Bool]

    /// The anchor of each vertex, so that the leftmost edge of all is at 0.
    static func anchors(of graph: LayerGraph) -> [Double] {
        guard !graph.vertices.isEmpty else { return [] }
        var columns = LayerColumns(graph)
        columns.barCrossings()
        var layouts: [[Double]] = []
        for isUpward in [false, true] {
            for isMirrored in [false, true] {
                layouts.append(columns.layout(isUpward: isUpward, isMirrored: isMirrored))
            }
        }
        return columns.combined(layouts)
    }

    private init(_ graph: LayerGraph) {
        self.graph = graph
        isBarred = Array(repeating: false, count: graph.segments.count)
    }

    private func layout(isUpward: Bool, isMirrored: Bool) -> [Double] {
        var rows = isUpward ? graph.rows.reversed() : graph.rows
        if isMirrored { rows = rows.map { $0.reversed() } }
        let root = aligned(rows, neighbours: isUpward ? graph.below : graph.above)
        let compaction = BlockCompaction(rows: rows, root: root) { left, right in
            separation(isMirrored ? right : left, isMirrored ? left : right)
        }
        return isMirrored ? compaction.places.map { -$0 } : compaction.places
    }

    /// Marks the segments that cross a straight piece, row by row.
    private mutating func barCrossings() {
        var position = Array(repeating: 0, count: graph.vertices.count)
        for row in graph.rows {
            for (place, vertex) in row.enumerated() { position[vertex] = place }
        }
        for (row, next) in zip(graph.rows, graph.rows.dropFirst()) {
            var from = 0
            var scanned = 0
            for (place, vertex) in next.enumerated() {
                let inner = innerSegment(above: vertex)
                guard inner != nil || place == next.count - 1 else { continue }
                let to = inner.map { position[graph.segments[$0].upper] } ?? row.count
                while scanned <= place {
                    for segment in graph.above[next[scanned]] where segment != inner {
                        let upper = position[graph.segments[segment].upper]
                        if upper < from || upper > to { isBarred[segment] = true }
                    }
                    scanned += 1
                }
                from = to
            }
        }
    }

    private func innerSegment(above vertex: Int) -> Int? {
        guard graph.vertices[vertex].isPiece, let segment = graph.above[vertex].first else { return nil }
        return graph.vertices[graph.segments[segment].upper].isPiece ? segment : nil
    }

    /// Chains vertices with a median neighbour in the row before; returns the first vertex of each one's chain.
    private func aligned(_ rows: [[Int]], neighbours: [[Int]]) -> [Int] {
        var root = Array(graph.vertices.indices)
        var isTaken = Array(repeating: false, count: root.count)
        var position = Array(repeating: 0, count: root.count)
        for row in rows {
            for (place, vertex) in row.enumerated() { position[vertex] = place }
        }
        for row in rows {
            var last = -1
            for vertex in row {
                let candidates = neighbours[vertex].map { segment in
                    let ends = graph.segments[segment]
                    return (other: ends.upper == vertex ? ends.lower : ends.upper, segment: segment)
                }.sorted { position[$0.other] < position[$1.other] }
                guard !candidates.isEmpty else { continue }
                let middle = candidates.count - 1
                for candidate in candidates[(middle / 2)...((middle + 1) / 2)] {
                    let place = position[candidate.other]
                    guard !isTaken[candidate.other], place > last, !isBarred[candidate.segment] else { continue }
                    isTaken[candidate.other] = true
                    root[vertex] = root[candidate.other]
                    last = place
                    break
                }
            }
        }
        return root
    }

    private func separation(_ left: Int, _ right: Int) -> Double {
        let (left, right) = (graph.vertices[left], graph.vertices[right])
        let gap: Double
        switch (left.isPiece, right.isPiece) {
        case (true, true): gap = left.role == .label || right.role == .label ? 10 : 14
        case (false, false): gap = 30
        default: gap = 20
        }
        return left.right + gap + right.left
    }

    private func combined(_ layouts: [[Double]]) -> [Double] {
        let bounds = layouts.map { places -> (low: Double, high: Double) in
            let low = places.indices.map { places[$0] - graph.vertices[$0].left }.min() ?? 0
            let high = places.indices.map { places[$0] + graph.vertices[$0].right }.max() ?? 0
            return (low, high)
        }
        let widths = bounds.map { $0.high - $0.low }
        let narrowest = widths.indices.min { (widths[$0], $0) < (widths[$1], $1) } ?? 0
        let shifts = bounds.indices.map { layout in
            layout % 2 == 0
                ? bounds[narrowest].low - bounds[layout].low : bounds[narrowest].high - bounds[layout].high
        }
        let places = graph.vertices.indices.map { vertex in
            let four = layouts.indices.map { layouts[$0][vertex] + shifts[$0] }.sorted()
            return (four[1] + four[2]) / 2
        }
        let low = places.indices.map { places[$0] - graph.vertices[$0].left }.min() ?? 0
        return places.map { $0 - low }
    }
}
