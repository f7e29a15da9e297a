/// The loops of a graph and how they nest.
///
/// A cycle with one entry is a loop, and its entry the header; a cycle with several is a region, which is walked one step
/// at a time. Everything inside a loop is analysed again without the edges back to its header.
struct LoopForest {
    /// A loop or a region.
    struct Loop {
        /// The loop around it, or `nil` at the top.
        var parent: Int?
        /// The only entry; `nil` in a region.
        var header: Int?
        /// The header and all nodes that reach a back edge without passing it.
        var core: [Int]
        /// The nodes of its side branches.
        var sides: [Int] = []
        var depth: Int

        var isRegion: Bool { header == nil }
    }

    private(set) var loops: [Loop] = []
    /// The innermost loop around each node, or -1.
    private(set) var scopes: [Int]
    private(set) var diagnostics: [GraphDiagnostic] = []

    private let shape: GraphShape
    private let edges: ShapeEdges
    private let reached: [Bool]
    private var stamps: [Int]
    private var claims: [Int]
    private var marks: [Int]
    /// The choice that starts the side branch each node belongs to.
    private var origins: [Int: (node: Int, caseNumber: Int)] = [:]

    init(_ shape: GraphShape, _ edges: ShapeEdges) {
        self.shape = shape
        self.edges = edges
        reached = edges.reachable()
        scopes = Array(repeating: -1, count: shape.count)
        stamps = Array(repeating: -1, count: shape.count)
        claims = stamps
        marks = stamps
        decompose()
    }

    private mutating func decompose() {
        var components = StrongComponents(edges)
        var work: [(scope: Int, nodes: [Int])] = [(-1, (0..<shape.count).filter { reached[$0] })]
        var stamp = 0
        while let (scope, nodes) = work.popLast() {
            stamp += 1
            for node in nodes { stamps[node] = stamp }
            let header = scope >= 0 ? loops[scope].header : nil
            let cycles = components.cycles(among: nodes, header: header) { stamps[$0] == stamp }
            for cycle in cycles where claims[cycle[0]] != stamp {
                let loop = add(cycle, in: scope)
                if loops[loop].isRegion { continue }
                claimSides(of: loop, header: header, stamp: stamp)
                work.append((loop, loops[loop].core + loops[loop].sides))
            }
        }
    }

    private mutating func add(_ cycle: [Int], in scope: Int) -> Int {
        let number = loops.count
        for node in cycle { marks[node] = number }
        var entries: [Int] = []
        for node in cycle {
            scopes[node] = number
            if edges.into(node).contains(where: { isEntry(edges[$0].source, of: number) }) { entries.append(node) }
        }
        let depth = scope >= 0 ? loops[scope].depth + 1 : 1
        loops.append(
            Loop(
                parent: scope >= 0 ? scope : nil, header: entries.count == 1 ? entries.first : nil, core: cycle,
                depth: depth))
        return number
    }

    /// Whether an edge from `source` enters the cycle marked with `number`.
    private func isEntry(_ source: Int, of number: Int) -> Bool { reached[source] && mark(source) != number }

    private func mark(_ node: Int) -> Int { node < marks.count ? marks[node] : -1 }
}

extension LoopForest {
    /// Gives the loop the nodes outside its core that start together with one inside, and all that follows them.
    private mutating func claimSides(of loop: Int, header: Int?, stamp: Int) {
        var open: [Int] = []
        for node in loops[loop].core {
            for (number, one) in shape.exits[node].allCases.enumerated() {
                let outside = one.targets.filter { marks[$0] != loop }
                guard !outside.isEmpty, outside.count < one.targets.count else { continue }
                for target in outside where claim(target, from: node, (node, number), loop, header, stamp) {
                    open.append(target)
                }
            }
        }
        guard !open.isEmpty else { return }
        while let node = open.popLast() {
            loops[loop].sides.append(node)
            guard let origin = origins[node] else { continue }
            for target in edges.row(node).map({ edges[$0].target }) where marks[target] != loop {
                if claim(target, from: node, origin, loop, header, stamp) { open.append(target) }
            }
        }
        loops[loop].sides.sort()
        for node in loops[loop].sides { scopes[node] = loop }
        refuseSharedSides(of: loop, stamp: stamp)
    }

    /// Marks `target` as part of the loop; false if it is one already or lies beyond the loop around.
    private mutating func claim(
        _ target: Int, from source: Int, _ origin: (node: Int, caseNumber: Int), _ loop: Int, _ header: Int?,
        _ stamp: Int
    ) -> Bool {
        if target == header || stamps[target] != stamp {
            refuse(loop, edge: (source, target), origin, "leads out of it, back to a loop around it")
            return false
        }
        if claims[target] == stamp && marks[target] == loop { return false }
        claims[target] = stamp
        marks[target] = loop
        origins[target] = origin
        return true
    }

    private mutating func refuseSharedSides(of loop: Int, stamp: Int) {
        let sides = Set(loops[loop].sides)
        let core = Set(loops[loop].core)
        for side in loops[loop].sides {
            for index in edges.into(side) {
                let edge = edges[index]
                guard reached[edge.source], !sides.contains(edge.source) else { continue }
                if core.contains(edge.source) {
                    let targets = shape.exits[edge.source].allCases[edge.caseNumber].targets
                    if targets.contains(where: { core.contains($0) }) { continue }
                }
                guard let origin = origins[side] else { continue }
                refuse(loop, edge: (edge.source, side), origin, "leads into it from elsewhere")
            }
        }
    }

    private mutating func refuse(
        _ loop: Int, edge: (source: Int, target: Int), _ origin: (node: Int, caseNumber: Int), _ why: String
    ) {
        let source = edge.source < shape.count ? shape.names[edge.source] : "start"
        let target = shape.names[edge.target]
        let header = loops[loop].header.map { shape.names[$0] } ?? "?"
        let one = shape.exits[origin.node].allCases[origin.caseNumber]
        let choice = one.label.map { "\"\($0)\"" } ?? one.targets.map { shape.names[$0] }.joined(separator: " and ")
        diagnostics.append(
            GraphDiagnostic(
                .sharedSideBranch, nodes: [target, source, header],
                reason:
                    "The loop at \"\(header)\" starts a side branch when \"\(shape.names[origin.node])\" takes \(choice), "
                    + "and the edge \(source) → \(target) \(why).",
                mend: "Let \"\(target)\" be reached from the loop alone, or from outside the loop alone."))
    }
}
