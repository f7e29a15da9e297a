/// All runs of a recipe, each step of each order by the letter of the laws, with nothing left out.
struct BruteForce {
    enum Status: UInt8 { case undecided, running, ended, skipped }

    struct State: Hashable {
        var status: [Status]
        var cancelled: [Bool]
        /// For each edge: undecided, taken or skipped.
        var edges: [Bool?]
    }

    struct Edge {
        var source: Int
        /// `nil` for the failure exit.
        var number: Int?
        var target: Int
    }

    /// How a node ends: these cases, or `nil` for its failure exit.
    struct Step: Hashable {
        var node: Int
        var cases: [Int]?
        var isCancelled = false
    }

    let recipe: SoundnessRecipe
    let edges: [Edge]
    /// The nodes that ran in some run.
    private(set) var ran: Set<Int> = []
    /// The fewest steps to a state in which nothing goes on.
    private(set) var stuckAfter: Int?
    private var fates: [State: Bool] = [:]

    init(_ recipe: SoundnessRecipe) {
        self.recipe = recipe
        var edges: [Edge] = []
        for (source, node) in recipe.nodes.enumerated() {
            for (number, targets) in node.cases.enumerated() {
                for target in targets { edges.append(Edge(source: source, number: number, target: target)) }
            }
            for target in node.failure ?? [] { edges.append(Edge(source: source, number: nil, target: target)) }
        }
        self.edges = edges
    }

    var initial: State {
        let count = recipe.nodes.count
        var state = State(
            status: Array(repeating: .undecided, count: count), cancelled: Array(repeating: false, count: count),
            edges: Array(repeating: nil, count: edges.count))
        state.status[0] = isHeld(0, state) ? .undecided : .running
        settle(&state)
        return state
    }

    /// Visits every state, fewest steps first.
    mutating func explore() {
        var layer = [initial]
        var seen = Set(layer)
        var depth = 0
        while !layer.isEmpty {
            var next: [State] = []
            for state in layer {
                for node in state.status.indices where state.status[node] == .running { ran.insert(node) }
                if isStuck(state), stuckAfter == nil { stuckAfter = depth }
                for step in steps(state) {
                    let after = perform(step, state)
                    if seen.insert(after).inserted { next.append(after) }
                }
            }
            layer = next
            depth += 1
        }
    }

    func isStuck(_ state: State) -> Bool {
        steps(state).isEmpty && state.status.contains { $0 == .undecided || $0 == .running }
    }

    /// Whether every way on ends stuck.
    mutating func isDoomed(_ state: State) -> Bool {
        if let known = fates[state] { return known }
        let steps = steps(state)
        var fate = steps.isEmpty ? isStuck(state) : true
        for step in steps where fate { fate = isDoomed(perform(step, state)) }
        fates[state] = fate
        return fate
    }
}

extension BruteForce {
    func steps(_ state: State) -> [Step] {
        recipe.nodes.indices.filter { state.status[$0] == .running }.flatMap { node -> [Step] in
            if state.cancelled[node] { return [Step(node: node, cases: [], isCancelled: true)] }
            for line in recipe.lines where line.reader == node {
                if line.senders.contains(where: { state.status[$0] != .ended && state.status[$0] != .skipped }) {
                    return []
                }
            }
            let row = recipe.nodes[node]
            var found: [Step] = []
            switch row.exit {
            case .always: found = [Step(node: node, cases: [0])]
            case .route: found = row.cases.indices.map { Step(node: node, cases: [$0]) }
            case .select:
                found = (0..<(1 << row.cases.count)).map { bits in
                    Step(node: node, cases: row.cases.indices.filter { bits >> $0 & 1 == 1 })
                }
            }
            return row.failure == nil ? found : found + [Step(node: node, cases: nil)]
        }
    }

    func perform(_ step: Step, _ state: State) -> State {
        var state = state
        state.status[step.node] = .ended
        for (index, edge) in edges.enumerated() where edge.source == step.node {
            if step.isCancelled {
                state.edges[index] = false
            } else if let cases = step.cases {
                state.edges[index] = edge.number.map(cases.contains) ?? false
            } else {
                state.edges[index] = edge.number == nil
            }
        }
        for region in recipe.regions where region.trigger == step.node {
            for member in region.members where state.status[member] == .undecided || state.status[member] == .running {
                state.cancelled[member] = true
            }
        }
        settle(&state)
        return state
    }

    /// Decides what follows without a further step.
    private func settle(_ state: inout State) {
        var goesOn = true
        while goesOn {
            goesOn = false
            for node in recipe.nodes.indices where state.status[node] == .undecided {
                let into = edges.indices.filter { edges[$0].target == node }
                if into.contains(where: { state.edges[$0] == nil }) { continue }
                let isTaken = node == 0 || into.contains { state.edges[$0] == true }
                if !isTaken || state.cancelled[node] || isImpossible(node, state) {
                    state.status[node] = .skipped
                    for (index, edge) in edges.enumerated() where edge.source == node { state.edges[index] = false }
                } else if isHeld(node, state) {
                    continue
                } else {
                    state.status[node] = .running
                }
                goesOn = true
            }
        }
    }

    private func isImpossible(_ node: Int, _ state: State) -> Bool {
        recipe.milestones.contains { $0.node == node && state.status[$0.after] == .skipped }
    }

    private func isHeld(_ node: Int, _ state: State) -> Bool {
        recipe.milestones.contains { one in
            if one.node == node { return state.status[one.after] == .undecided || state.status[one.after] == .running }
            return one.before == node && state.status[one.node] == .undecided
        }
    }
}
