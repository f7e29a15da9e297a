/// Law 2's refusals: what no order of events could make clear.
struct LoopRefusals {
    private let units: GraphUnits
    private var divergence: Divergence

    init(_ units: GraphUnits) {
        self.units = units
        divergence = Divergence(units)
    }

    mutating func diagnostics() -> [GraphDiagnostic] {
        var found: [GraphDiagnostic] = []
        for loop in units.forest.loops.indices {
            if units.forest.loops[loop].isRegion {
                found += regionDefects(loop)
            } else if let defect = ambiguity(loop) {
                found.append(defect)
            }
        }
        return found
    }

    /// (a) An iteration that can take a back edge and a leaving edge.
    private mutating func ambiguity(_ loop: Int) -> GraphDiagnostic? {
        let scope = loop + 1
        let edges = units.edges
        let witness = divergence.search(scope: scope) { edge in
            if edges[edge].scope != scope { return 1 }
            return edges[edge].isBack ? 0 : nil
        }
        let header = name(units.forest.loops[loop].header ?? 0)
        guard let witness else { return divergence.exceeded ? tooLarge(header) : nil }
        let (one, other) = (describe(witness.edges.0), describe(witness.edges.1))
        let (back, leaving) =
            edges[witness.edges.0].isBack && edges[witness.edges.0].scope == scope ? (one, other) : (other, one)
        return GraphDiagnostic(
            .ambiguousIteration, nodes: [header],
            reason:
                "One round of the loop at \"\(header)\" can take the back edge \(back) and the leaving edge \(leaving): "
                + "when \(describe(witness.choices)).",
            mend:
                "Join the branches before the choice between another round and leaving, or let one case hold both targets."
        )
    }

    /// (c) A cycle with several entries in which two steps can run at a time.
    private mutating func regionDefects(_ loop: Int) -> [GraphDiagnostic] {
        let core = Set(units.forest.loops[loop].core)
        let names = units.forest.loops[loop].core.map { "\"\(name($0))\"" }.joined(separator: ", ")
        for node in units.forest.loops[loop].core {
            let exit = units.shape.exits[node]
            var cases = exit.allCases.map(\.targets)
            if exit.kind == .select { cases.append(exit.cases.flatMap(\.targets)) }
            for targets in cases where targets.count > 1 && targets.contains(where: core.contains) {
                return [
                    irreducible(
                        names, node,
                        "\"\(name(node))\" can take two exits together of which one stays inside: "
                            + targets.map { "\(name(node)) → \(name($0))" }.joined(separator: " and "))
                ]
            }
        }
        let unit = units.nodeCount + loop
        let edges = units.edges
        let scope = units.scope(ofUnit: unit)
        let entryKind = { (edge: Int) in edges[edge].unit == unit ? edges[edge].target : nil }
        guard let witness = divergence.search(scope: scope, kind: entryKind) else {
            return divergence.exceeded ? [tooLarge(name(units.forest.loops[loop].core[0]))] : []
        }
        let why =
            "two of its entries can be taken together, \(describe(witness.edges.0)) and \(describe(witness.edges.1)), "
            + "when \(describe(witness.choices))"
        return [irreducible(names, units.edges[witness.edges.0].target, why)]
    }

    private func irreducible(_ names: String, _ node: Int, _ why: String) -> GraphDiagnostic {
        GraphDiagnostic(
            .irreducibleCycle, nodes: [name(node)],
            reason: "The cycle of \(names) has several entries, and \(why).",
            mend: "Give the cycle one entry, or let one step of it run at a time.")
    }

    private func tooLarge(_ header: String) -> GraphDiagnostic {
        GraphDiagnostic(
            .ambiguousIteration, nodes: [header],
            reason:
                "The loop at \"\(header)\" forks too widely to be judged: more than \(Divergence.pairLimit) pairs of places.",
            mend: "Join the branches of the fork inside the loop before the choice, or use forEach.")
    }

    private func name(_ node: Int) -> String { node < units.nodeCount ? units.shape.names[node] : "start" }

    private func describe(_ edge: Int) -> String {
        let row = units.shapeEdges[edge]
        return "\(name(row.source)) → \(name(row.target))"
    }

    private func describe(_ choices: [(node: Int, caseNumber: Int)]) -> String {
        choices.map { choice in
            let isStart = choice.node == units.nodeCount
            let exit = isStart ? ExitShape(kind: .route, cases: units.shape.starts) : units.shape.exits[choice.node]
            let label: String
            if exit.kind == .select, choice.caseNumber < exit.cases.count {
                label = "several targets"
            } else {
                let one = exit.allCases[choice.caseNumber]
                let targets = one.targets.map { name($0) }.joined(separator: " and ")
                label = one.label.map { "\"\($0)\"" } ?? (targets.isEmpty ? "the end" : targets)
            }
            return "\"\(name(choice.node))\" takes \(label)"
        }.joined(separator: ", ")
    }
}
