/// Assigns each unit a rank so that arcs lead to higher ranks, except those that would close a cycle.
///
/// Takes time proportional to units and arcs.
struct LayerRanks {
    private(set) var rank: [Int]
    private let arcs: [(source: Int, target: Int)]
    private var leaving: [[Int]]
    private var entering: [[Int]]

    init(count: Int, arcs: [(source: Int, target: Int)], first: Int?) {
        self.arcs = arcs
        rank = Array(repeating: 0, count: count)
        leaving = Array(repeating: [], count: count)
        entering = Array(repeating: [], count: count)
        for (position, arc) in arcs.enumerated() { leaving[arc.source].append(position) }
        breakCycles(from: first)
        for arcs in leaving {
            for arc in arcs { entering[self.arcs[arc].target].append(arc) }
        }
        let order = assignLongestPaths()
        pullDown(order)
    }

    /// Walks depth first and drops the arcs that lead to a unit whose walk has not ended.
    private mutating func breakCycles(from first: Int?) {
        var isEntered = Array(repeating: false, count: rank.count)
        for arc in arcs { isEntered[arc.target] = true }
        let roots = (first.map { [$0] } ?? []) + rank.indices.filter { !isEntered[$0] } + Array(rank.indices)
        var state = Array(repeating: UInt8(0), count: rank.count)
        var dropped = Array(repeating: false, count: arcs.count)
        var stack: [(unit: Int, next: Int)] = []
        for root in roots where state[root] == 0 {
            state[root] = 1
            stack.append((root, 0))
            while let (unit, next) = stack.last {
                guard next < leaving[unit].count else {
                    state[unit] = 2
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                let arc = leaving[unit][next]
                let target = arcs[arc].target
                if state[target] == 1 {
                    dropped[arc] = true
                } else if state[target] == 0 {
                    state[target] = 1
                    stack.append((target, 0))
                }
            }
        }
        for unit in leaving.indices { leaving[unit].removeAll { dropped[$0] } }
    }

    /// Ranks each unit just below its lowest predecessor; returns the units in topological order.
    private mutating func assignLongestPaths() -> [Int] {
        var missing = entering.map(\.count)
        var order = rank.indices.filter { missing[$0] == 0 }
        var next = 0
        while next < order.count {
            let unit = order[next]
            next += 1
            for arc in leaving[unit] {
                let target = arcs[arc].target
                rank[target] = max(rank[target], rank[unit] + 1)
                missing[target] -= 1
                if missing[target] == 0 { order.append(target) }
            }
        }
        return order
    }

    /// Moves units with more successors than predecessors next to the nearest successor, which shortens arcs.
    private mutating func pullDown(_ order: [Int]) {
        for unit in order.reversed() where leaving[unit].count > entering[unit].count {
            let nearest = leaving[unit].map { rank[arcs[$0].target] }.min() ?? 0
            rank[unit] = max(rank[unit], nearest - 1)
        }
    }
}
