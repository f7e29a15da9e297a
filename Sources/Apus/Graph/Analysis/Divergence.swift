/// Finds two edges out of a scope that one run of the scope can take together.
///
/// Two paths that meet go on together, so what is sought is a case with two targets from which disjoint paths lead to
/// the two edges; pairs of positions are explored, the earlier in graph order first.
struct Divergence {
    /// How many pairs of positions are explored before a scope counts as too large to be judged.
    static let pairLimit = 2_000_000

    /// One choice of a unit: the case of a node, or a way out of a loop.
    struct Option {
        var node: Int
        var caseNumber: Int
        var edges: [Int]
    }

    /// Two edges and the choices that take both.
    struct Witness {
        var edges: (Int, Int)
        var choices: [(node: Int, caseNumber: Int)]
    }

    private struct Pair: Hashable {
        var first: Int
        var second: Int
    }

    private struct Step {
        var pair: Pair
        var parent: Int
        var choice: (node: Int, caseNumber: Int)
    }

    let units: GraphUnits
    /// The choices of each unit; the last row holds those of the virtual first node.
    private var options: [[Option]]
    private(set) var exceeded = false
    private var steps: [Step] = []
    private var seen: Set<Pair> = []

    init(_ units: GraphUnits) {
        self.units = units
        options = Self.choices(of: units)
        for loop in units.forest.loops.indices.reversed() { options[units.nodeCount + loop] = waysOut(of: loop) }
    }

    /// Two edges of different kinds that one pass through `scope` can take together. `kind` names the edges of interest
    /// that end a path there; `nil` elsewhere.
    mutating func search(scope: Int, kind: (Int) -> Int?) -> Witness? {
        var found: Witness?
        explore(scope: scope, kind: kind) { witness in
            found = witness
            return false
        }
        return found
    }

    /// Finds all such pairs, until `found` returns false.
    private mutating func explore(scope: Int, kind: (Int) -> Int?, found: (Witness) -> Bool) {
        steps = []
        seen = []
        let live = livePlaces(scope, kind)
        let rows = PostDominators(order: units.order[scope], live: live) { unit in
            options[unit].flatMap { option in option.edges.compactMap { place(of: $0, in: scope, live, kind) } }
        }
        let origins = units.order[scope].filter(rows.endsAtSink) + (scope == 0 ? [units.unitCount] : [])
        for origin in origins {
            for option in options[origin] { fork(option, in: scope, live, kind) }
        }
        var next = 0
        while next < steps.count {
            let pair = steps[next].pair
            if pair.first < 0, pair.second < 0 {
                if kind(-pair.first - 1) != kind(-pair.second - 1), !found(witness(next)) { return }
            } else {
                advance(next, in: scope, live, kind)
            }
            if seen.count > Self.pairLimit {
                exceeded = true
                return
            }
            next += 1
        }
    }

    /// The units of the scope from which an edge of interest can be reached.
    private func livePlaces(_ scope: Int, _ kind: (Int) -> Int?) -> [Bool] {
        var live = [Bool](repeating: false, count: units.unitCount)
        for unit in units.order[scope].reversed() {
            live[unit] = options[unit].contains { option in
                option.edges.contains { place(of: $0, in: scope, live, kind) != nil }
            }
        }
        return live
    }

    /// Where an edge leads: a unit of the scope, or below zero the edge itself if it is of interest.
    private func place(of edge: Int, in scope: Int, _ live: [Bool], _ kind: (Int) -> Int?) -> Int? {
        let row = units.edges[edge]
        if row.scope == scope, row.unit >= 0 {
            return kind(edge) != nil ? -edge - 1 : (live[row.unit] ? row.unit : nil)
        }
        return kind(edge) == nil ? nil : -edge - 1
    }

    private mutating func fork(_ option: Option, in scope: Int, _ live: [Bool], _ kind: (Int) -> Int?) {
        let places = option.edges.compactMap { place(of: $0, in: scope, live, kind) }
        for first in places.indices {
            for second in places.indices where second > first {
                push(places[first], places[second], parent: -1, (option.node, option.caseNumber))
                if seen.count > Self.pairLimit { return }
            }
        }
    }

    private mutating func advance(_ index: Int, in scope: Int, _ live: [Bool], _ kind: (Int) -> Int?) {
        let pair = steps[index].pair
        let firstMoves = pair.second < 0 || (pair.first >= 0 && units.places[pair.first] < units.places[pair.second])
        let mover = firstMoves ? pair.first : pair.second
        let other = firstMoves ? pair.second : pair.first
        for option in options[mover] {
            for edge in option.edges {
                guard let place = place(of: edge, in: scope, live, kind), place != other else { continue }
                push(place, other, parent: index, (option.node, option.caseNumber))
            }
        }
    }

    private mutating func push(_ first: Int, _ second: Int, parent: Int, _ choice: (node: Int, caseNumber: Int)) {
        let pair = first < second ? Pair(first: first, second: second) : Pair(first: second, second: first)
        guard first != second, seen.insert(pair).inserted else { return }
        steps.append(Step(pair: pair, parent: parent, choice: choice))
    }

    private func witness(_ index: Int) -> Witness {
        var choices: [(node: Int, caseNumber: Int)] = []
        var step = index
        while step >= 0 {
            choices.append(steps[step].choice)
            step = steps[step].parent
        }
        let pair = steps[index].pair
        return Witness(edges: (-pair.first - 1, -pair.second - 1), choices: choices.reversed())
    }
}

extension Divergence {
    /// The choices of the nodes: their cases; any targets of a `select` go together.
    private static func choices(of units: GraphUnits) -> [[Option]] {
        var options = [[Option]](repeating: [], count: units.unitCount + 1)
        for node in 0...units.nodeCount {
            let isRoot = node == units.nodeCount
            let exit = isRoot ? ExitShape(kind: .route, cases: units.shape.starts) : units.shape.exits[node]
            let row = isRoot ? units.unitCount : node
            var number = units.shapeEdges.row(node).lowerBound
            var cases = exit.cases.map(\.targets.count)
            if exit.kind == .select { cases = [cases.reduce(0, +)] }
            if let failure = exit.failure { cases.append(failure.count) }
            for (position, count) in cases.enumerated() {
                let isFailure = exit.failure != nil && position == cases.count - 1
                options[row].append(
                    Option(
                        node: node, caseNumber: isFailure ? exit.cases.count : position,
                        edges: Array(number..<number + count)))
                number += count
            }
        }
        return options
    }

    /// The ways out of a loop. Where a round runs branches side by side, two edges are one way if one round can take both.
    private mutating func waysOut(of loop: Int) -> [Option] {
        let scope = loop + 1
        var ways: [Option] = []
        var isForked = false
        for unit in units.order[scope] {
            for option in options[unit] {
                let leaving = option.edges.filter { units.edges[$0].scope != scope }
                let staying = option.edges.count - leaving.count
                if staying > 1 || (staying == 1 && !leaving.isEmpty) { isForked = true }
                if !leaving.isEmpty {
                    ways.append(Option(node: option.node, caseNumber: option.caseNumber, edges: leaving))
                }
            }
        }
        guard isForked, ways.count > 1 else { return ways }
        let edges = units.edges
        var pairs: [Option] = []
        explore(scope: scope, kind: { edges[$0].scope != scope ? $0 : nil }) { witness in
            let last = witness.choices[witness.choices.count - 1]
            pairs.append(
                Option(node: last.node, caseNumber: last.caseNumber, edges: [witness.edges.0, witness.edges.1]))
            return true
        }
        return ways + pairs
    }
}

/// For each unit of a scope whether all its paths to an edge of interest meet again in one unit.
struct PostDominators {
    private var next: [Int: Int] = [:]
    private var depth: [Int: Int] = [:]
    private static let sink = Int.max

    init(order: [Int], live: [Bool], successors: (Int) -> [Int]) {
        depth[Self.sink] = 0
        for unit in order.reversed() where live[unit] {
            var meeting: Int?
            for place in successors(unit) {
                let target = place < 0 ? Self.sink : place
                meeting = meeting.map { meet($0, target) } ?? target
            }
            guard let meeting else { continue }
            next[unit] = meeting
            depth[unit] = (depth[meeting] ?? 0) + 1
        }
    }

    func endsAtSink(_ unit: Int) -> Bool { next[unit] == Self.sink }

    private func meet(_ first: Int, _ second: Int) -> Int {
        var (first, second) = (first, second)
        while first != second {
            if (depth[first] ?? 0) >= (depth[second] ?? 0) {
                first = next[first] ?? Self.sink
            } else {
                second = next[second] ?? Self.sink
            }
        }
        return first
    }
}
