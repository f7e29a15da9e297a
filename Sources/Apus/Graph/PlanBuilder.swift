/// Fills the rows of a ``GraphPlan``.
struct PlanBuilder {
    private let units: GraphUnits
    private(set) var rows: [Int32] = [0]
    private(set) var edges: [GraphPlan.Edge] = []
    private(set) var leaving: [[Int32]]
    private(set) var predecessors: [[Int32]]
    private(set) var finishing: Set<GraphPlan.CaseReference> = []
    private(set) var rowsOfUnits: [GraphPlan.Unit] = []
    private var successorCounts: [Int]

    init(_ units: GraphUnits) {
        self.units = units
        leaving = Array(repeating: [], count: units.forest.loops.count)
        predecessors = Array(repeating: [], count: units.unitCount)
        successorCounts = Array(repeating: 0, count: units.unitCount)
    }

    mutating func build() {
        let shape = units.shape
        for unit in 0..<units.unitCount { rowsOfUnits.append(blank(unit)) }
        for node in 0..<shape.count {
            appendEdges(of: node, isStart: false)
            for (number, one) in shape.exits[node].allCases.enumerated() where one.finishes {
                finishing.insert(GraphPlan.CaseReference(node: node, number: number))
                rowsOfUnits[node].ends = true
            }
            if shape.exits[node].failure != nil {
                rowsOfUnits[node].failureCase = Int32(shape.exits[node].cases.count)
            }
        }
        for start in shape.starts.indices { appendStart(start) }
        link()
        for (loop, found) in units.forest.loops.enumerated() where units.order[loop + 1].count == 1 {
            if let header = found.header { linkRounds(of: header) }
        }
    }

    private func blank(_ unit: Int) -> GraphPlan.Unit {
        GraphPlan.Unit(
            scope: Int32(units.scope(ofUnit: unit)), incoming: 0, place: Int32(units.places[unit]), holds: 0,
            chainedTo: -1, follower: -1, again: -1, failureCase: -1, ends: false, isConstrained: false)
    }

    private mutating func appendEdges(of node: Int, isStart: Bool) {
        for number in units.shapeEdges.row(node) { append(number, source: node) }
        rows.append(Int32(edges.count))
    }

    /// The starts share the units' counts of incoming edges: a start is the choice of one case of the virtual first node.
    private mutating func appendStart(_ start: Int) {
        for number in units.shapeEdges.row(units.nodeCount) where units.shapeEdges[number].caseNumber == start {
            append(number, source: nil)
        }
        rows.append(Int32(edges.count))
    }

    private mutating func append(_ number: Int, source: Int?) {
        let edge = units.edges[number]
        var row = GraphPlan.Edge(
            kind: .direct, number: Int32(units.shapeEdges[number].caseNumber), unit: Int32(edge.unit),
            target: Int32(edge.target), loop: -1)
        if edge.isBack {
            row.kind = .back
            row.loop = Int32(edge.scope - 1)
        } else if edge.unit < 0 {
            row.kind = .walk
        } else {
            rowsOfUnits[edge.unit].incoming += 1
            if let source {
                if !predecessors[edge.unit].contains(Int32(edge.owner)) || predecessors[edge.unit].count > 8 {
                    predecessors[edge.unit].append(Int32(edge.owner))
                }
                successorCounts[edge.owner] += 1
                if edge.owner != source {
                    row.kind = .leaving
                    row.loop = Int32(edge.owner - units.nodeCount)
                    leaving[edge.owner - units.nodeCount].append(Int32(edges.count))
                }
            }
        }
        edges.append(row)
    }

    /// Notes which units follow each other without a choice.
    private mutating func link() {
        for unit in 0..<units.unitCount where predecessors[unit].count == 1 && rowsOfUnits[unit].incoming == 1 {
            let before = Int(predecessors[unit][0])
            guard successorCounts[before] == 1 else { continue }
            let row = before < units.nodeCount ? Int(rows[before])..<Int(rows[before + 1]) : 0..<0
            if rowsOfUnits[unit].place == rowsOfUnits[before].place + 1 { rowsOfUnits[unit].chainedTo = Int32(before) }
            let only = before < units.nodeCount && unit < units.nodeCount && row.count == 1
            let isPlain = units.shape.exits[min(before, units.nodeCount - 1)].allCases.count == 1
            if only, isPlain, edges[row.lowerBound].kind == .direct { rowsOfUnits[before].follower = Int32(unit) }
        }
    }

    /// Notes the case by which a node goes back to itself and nowhere else.
    private mutating func linkRounds(of node: Int) {
        let row = edges[Int(rows[node])..<Int(rows[node + 1])]
        guard !rowsOfUnits[node].ends, let back = row.first(where: { $0.target == node && $0.kind == .back })
        else { return }
        if row.filter({ $0.number == back.number }).count == 1 { rowsOfUnits[node].again = back.number }
    }

    mutating func hold(_ constraints: TimeConstraints) {
        for milestone in constraints.milestones {
            rowsOfUnits[milestone.node].holds += 1
            rowsOfUnits[milestone.before].holds += 1
            for node in [milestone.node, milestone.after, milestone.before] { rowsOfUnits[node].isConstrained = true }
        }
        for region in constraints.regions {
            for node in region.members + [region.trigger] { rowsOfUnits[node].isConstrained = true }
        }
        for unit in rowsOfUnits.indices {
            let next = rowsOfUnits[unit].follower
            if rowsOfUnits[unit].isConstrained || (next >= 0 && rowsOfUnits[Int(next)].isConstrained) {
                rowsOfUnits[unit].follower = -1
            }
            if rowsOfUnits[unit].isConstrained { rowsOfUnits[unit].again = -1 }
        }
    }
}
