/// Places units, ends and crossings of the border in ranks, then ranks in rows with rows for labels in between.
struct LayerDraft {
    private(set) var vertices: [LayerGraph.Vertex] = []
    private(set) var isLabelRow: [Bool] = []
    /// The vertices at the ends of each link; ranks until ``splitRows()``, rows afterwards.
    private var ends: [(source: Int, target: Int)] = []
    private var isLabelled: [Bool] = []
    private var labelRowBelow: [Int?] = []

    init(_ problem: LayerProblem) {
        var arcs: [(source: Int, target: Int)] = []
        for link in problem.links where link.kind != .back {
            if case .unit(let source, _) = link.source, case .unit(let target) = link.target, source != target {
                arcs.append((source, target))
            }
        }
        let ranks = LayerRanks(count: problem.units.count, arcs: arcs, first: problem.first).rank
        let shift = problem.links.contains { $0.source == .outside } ? 1 : 0
        vertices = zip(problem.units, ranks).map { unit, rank in
            LayerGraph.Vertex(role: .unit, left: unit.left, right: unit.right, height: unit.height, row: rank + shift)
        }
        placeEnds(of: problem.links, lowest: (ranks.max() ?? 0) + shift)
        placeBorder(of: problem.links)
        isLabelled = zip(problem.links, ends).map { link, ends in
            link.label != nil && vertices[ends.source].row < vertices[ends.target].row
        }
    }

    /// A few paths that end near the bottom share a mark; where they are many or far up, each gets its own.
    private mutating func placeEnds(of links: [LayerProblem.Link], lowest: Int) {
        var marks: [[Int]: Int] = [:]
        ends = Array(repeating: (-1, -1), count: links.count)
        let sources = links.compactMap { link -> Int? in
            guard case .unit(let source, _) = link.source, case .end = link.target else { return nil }
            return vertices[source].row >= lowest - 1 ? source : nil
        }
        let isFew = Set(sources).count <= 3
        for (position, link) in links.enumerated() {
            if case .unit(let source, _) = link.source { ends[position].source = source }
            switch link.target {
            case .unit(let target): ends[position].target = target
            case .outside: break
            case .end(let finish):
                let source = ends[position].source
                let row = source < 0 ? 0 : vertices[source].row
                let isShared = isFew && row >= lowest - 1
                let key = [isShared ? -1 : source, finish ? 1 : 0]
                let mark = marks[key] ?? vertices.count
                if mark == vertices.count {
                    marks[key] = mark
                    let row = isShared ? lowest + 1 : row + 1
                    let radius = finish ? 9.0 : 7.5
                    vertices.append(
                        .init(role: .end(finish: finish), left: 9, right: 9, height: 2 * radius, row: row))
                }
                ends[position].target = mark
            }
        }
    }

    private mutating func placeBorder(of links: [LayerProblem.Link]) {
        let bottom = (vertices.map(\.row).max() ?? 0) + 1
        for (position, link) in links.enumerated() {
            if link.source == .outside {
                ends[position].source = vertices.count
                vertices.append(.init(role: .entry, left: 0, right: 0, height: 0, row: 0))
            }
            if link.target == .outside {
                ends[position].target = vertices.count
                vertices.append(.init(role: .exit, left: 0, right: 0, height: 0, row: bottom))
            }
        }
    }

    /// Adds a row for labels below each rank from which a labelled link leads down.
    mutating func splitRows() {
        let count = (vertices.map(\.row).max() ?? -1) + 1
        var needsLabels = Array(repeating: false, count: count)
        for (isLabelled, ends) in zip(isLabelled, ends) where isLabelled {
            needsLabels[vertices[ends.source].row] = true
        }
        var rowOfRank: [Int] = []
        for rank in 0..<count {
            rowOfRank.append(isLabelRow.count)
            isLabelRow.append(false)
            if needsLabels[rank] { isLabelRow.append(true) }
        }
        for vertex in vertices.indices { vertices[vertex].row = rowOfRank[vertices[vertex].row] }
        labelRowBelow = isLabelRow.indices.map { $0 + 1 < isLabelRow.count && isLabelRow[$0 + 1] ? $0 + 1 : nil }
    }

    /// Decides how each link runs; short links first get a vertex in every row they pass, as long as all of them
    /// together need no more than a fixed number for each vertex and link.
    func courses(
        of links: [LayerProblem.Link], add: (LayerGraph.Vertex) -> Void
    ) -> [LayerGraph.Course] {
        var courses: [LayerGraph.Course] = ends.map { ends in
            if ends.source == ends.target { return .around(ends.source) }
            let isDown = vertices[ends.source].row < vertices[ends.target].row
            return isDown ? .express(ends.source, ends.target) : .up(ends.source, ends.target)
        }
        var budget = 400 + 6 * (vertices.count + links.count)
        var next = vertices.count
        let spans = ends.map { vertices[$0.target].row - vertices[$0.source].row }
        for position in links.indices.sorted(by: { (spans[$0], $0) < (spans[$1], $1) }) where spans[position] > 0 {
            let end = ends[position]
            guard spans[position] <= budget else { break }
            budget -= spans[position]
            var chain = [end.source]
            for row in vertices[end.source].row + 1..<vertices[end.target].row {
                add(piece(in: row, of: links[position], labelRow: labelRowBelow[vertices[end.source].row]))
                chain.append(next)
                next += 1
            }
            courses[position] = .down(chain + [end.target])
        }
        return courses
    }

    private func piece(in row: Int, of link: LayerProblem.Link, labelRow: Int?) -> LayerGraph.Vertex {
        guard row == labelRow, let label = link.label else {
            return .init(role: .bend, left: 0, right: 0, height: 0, row: row)
        }
        let half = label.width / 2
        return .init(role: .label, left: half, right: half, height: label.height, row: row)
    }
}
