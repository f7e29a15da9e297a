/// Where the edges of a graph lead, with loops as units: what can follow from a node, and what can depend on it.
struct SoundnessFlow {
    private let plan: GraphPlan
    /// The nodes that each node's cases can start, back edges included.
    private(set) var targets: [[Int]]
    private let unitCount: Int

    init(_ facts: SoundnessFacts) {
        plan = facts.plan
        unitCount = facts.plan.nodeCount + facts.plan.loopCount
        targets = Array(repeating: [], count: facts.plan.nodeCount)
        for node in targets.indices {
            for index in Int(plan.rows[node])..<Int(plan.rows[node + 1]) {
                let edge = plan.edges[index]
                if plan.finishing.contains(GraphPlan.CaseReference(node: node, number: Int(edge.number))) { continue }
                targets[node].append(Int(edge.target))
            }
        }
    }

    /// The nodes that end the graph in the middle of a loop, or although they lead on.
    var abruptEnds: [Int] {
        plan.finishing.filter { one in
            plan.scope(of: one.node) > 0 || !plan.exits[one.node].allCases[one.number].targets.isEmpty
        }.map(\.node).sorted()
    }

    /// The nodes of regions that have fewer rounds than nodes, so that not every way through them can be gone.
    var tightRegions: [Int] {
        let tight = (0..<plan.loopCount).filter { loop in
            plan.headers[loop] < 0 && Int(plan.iterationLimits[loop]) < plan.members[loop + 1].count
        }
        return tight.flatMap { plan.nodes(in: plan.nodeCount + $0) }
    }

    /// The units that lead to one of `goals`, itself included; a loop waits for all that is in it.
    func leadingTo(_ goals: [Int]) -> [Bool] {
        var before: [[Int]] = Array(repeating: [], count: unitCount)
        for node in targets.indices {
            for index in Int(plan.rows[node])..<Int(plan.rows[node + 1]) {
                before[Int(plan.edges[index].target)].append(node)
            }
        }
        for unit in 0..<unitCount where plan.scope(of: unit) > 0 {
            before[plan.nodeCount + plan.scope(of: unit) - 1].append(unit)
        }
        for loop in 0..<plan.loopCount {
            let unit = plan.nodeCount + loop
            if plan.headers[loop] >= 0 {
                before[Int(plan.headers[loop])].append(unit)
            } else {
                for member in plan.members[loop + 1] { before[Int(member)].append(unit) }
            }
            for index in plan.leaving[loop] { before[Int(plan.edges[Int(index)].target)].append(unit) }
        }
        return closure(goals, before)
    }

    /// The nodes that some choices start after one of `nodes`, as far as `mayStart` allows.
    func following(_ nodes: [Int], where mayStart: (Int) -> Bool) -> [Bool] {
        var seen = [Bool](repeating: false, count: plan.nodeCount)
        var open: [Int] = []
        for node in nodes where !seen[node] && mayStart(node) {
            seen[node] = true
            open.append(node)
        }
        while let node = open.popLast() {
            for target in targets[node] where !seen[target] && mayStart(target) {
                seen[target] = true
                open.append(target)
            }
        }
        return seen
    }

    private func closure(_ goals: [Int], _ before: [[Int]]) -> [Bool] {
        var seen = [Bool](repeating: false, count: unitCount)
        var open = goals
        for goal in goals { seen[goal] = true }
        while let unit = open.popLast() {
            for other in before[unit] where !seen[other] {
                seen[other] = true
                open.append(other)
            }
        }
        return seen
    }
}
