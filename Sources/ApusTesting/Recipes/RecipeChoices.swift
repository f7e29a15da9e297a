/// What an activation of a recipe's node does when it ends.
public enum RecipePick: Sendable, Hashable {
    /// Takes the cases at these positions: one, or a subset for a select.
    case exit([Int])
    case failure
}

/// The choices of a recipe's runs: a pure function of its seed, the node and its iteration numbers.
///
/// From a certain iteration on, nodes choose so that no back edge of the loop is taken any more; the number differs
/// from loop to loop.
public struct RecipeChoices: Sendable {
    private let structure: RecipeStructure
    /// For each region the picks with which its nodes let it end.
    private var calm: [[Int: RecipePick]] = []

    public init(_ structure: RecipeStructure) {
        self.structure = structure
        calm = structure.regions.map { region in region.kind == .whole ? [:] : calmPicks(in: region) }
    }

    /// Whether every loop can end, so that every run does.
    public var canEnd: Bool {
        structure.regions.indices.allSatisfy { index in
            switch structure.regions[index].kind {
            case .whole: true
            case .loop(let header): calm[index][header] != nil
            case .part: structure.regions[index].members.allSatisfy { calm[index][$0] != nil }
            }
        }
    }

    /// Whether the activation is a header's beyond the limit of its loop, which fails without running.
    public func exceedsLimit(_ node: Int, _ iterations: [Int]) -> Bool {
        guard let limit = structure.recipe.nodes[node].limit, structure.headers(around: node).last == node else {
            return false
        }
        return iterations[iterations.count - 1] >= limit
    }

    /// - Parameter steps: What the state holds under ``RecipeStructure/stepKey(of:)``.
    public func pick(_ node: Int, _ iterations: [Int], steps: Int = 0) -> RecipePick {
        if exceedsLimit(node, iterations) { return .failure }
        if let script = structure.recipe.script[node], steps < script.count { return .exit([script[steps]]) }
        if let pick = calmPick(node, iterations, steps) { return pick }
        var hash = RecipeHash()
        hash.add(Int(truncatingIfNeeded: structure.recipe.seed))
        hash.add(node)
        iterations.forEach { hash.add($0) }
        hash.add(steps)
        let recipe = structure.recipe.nodes[node]
        switch recipe.failure {
        case .always: return .failure
        case .chosen where hash.value >> 32 & 3 == 0: return .failure
        default: break
        }
        switch recipe.exit {
        case .end, .finish, .to: return .exit([0])
        case .route(let cases): return .exit([Int(hash.value % UInt64(cases.count))])
        case .select(let targets): return .exit(targets.indices.filter { hash.value >> UInt64($0) & 1 == 1 })
        }
    }

    /// The choice as a number: the case of a route, the subset of a select as bits; `nil` for other exits.
    public func code(of pick: RecipePick, at node: Int) -> Int? {
        guard case .exit(let branches) = pick else { return nil }
        switch structure.recipe.nodes[node].exit {
        case .end, .finish, .to: return nil
        case .route: return branches[0]
        case .select: return branches.reduce(0) { $0 | 1 << $1 }
        }
    }

    /// The edges that a pick takes; none if the node fails and nothing leads on from there.
    public func edges(of pick: RecipePick, at node: Int) -> [RecipeEdge] {
        let branches: [Int] =
            switch pick {
            case .exit(let branches): branches
            case .failure: structure.recipe.failureCase(of: node).map { [$0] } ?? []
            }
        let cases = structure.recipe.cases(of: node)
        return branches.flatMap { branch in
            cases[branch].map { RecipeEdge(source: node, branch: branch, target: $0) }
        }
    }

    /// From this iteration on a loop takes no back edge; from this step on a part leaves.
    private func patience(of region: Int) -> Int {
        var hash = RecipeHash()
        hash.add(Int(truncatingIfNeeded: structure.recipe.seed))
        hash.add(structure.regions[region].members.min() ?? 0)
        return structure.regions[region].kind == .part ? 3 + Int(hash.value % 5) : Int(hash.value % 4)
    }

    private func calmPick(_ node: Int, _ iterations: [Int], _ steps: Int) -> RecipePick? {
        var rest = iterations[...]
        for region in structure.path(to: node) {
            switch structure.regions[region].kind {
            case .whole: break
            case .loop: if rest.removeFirst() >= patience(of: region) { return calm[region][node] }
            case .part: if steps >= patience(of: region) { return calm[region][node] }
            }
        }
        return nil
    }

    private func calmPicks(in region: RecipeRegion) -> [Int: RecipePick] {
        var found: [Int: RecipePick] = [:]
        while true {
            let next = region.members.filter { found[$0] == nil }.compactMap { node in
                picks(of: node).first { leadsOn($0, from: node, in: region, to: found) }.map { (node, $0) }
            }
            if next.isEmpty { return found }
            for (node, pick) in next { found[node] = pick }
        }
    }

    /// All that a node may do, except that a select is represented by its least subset.
    private func picks(of node: Int) -> [RecipePick] {
        let recipe = structure.recipe.nodes[node]
        if recipe.limit != nil { return [.failure] }
        let exits: [RecipePick] =
            if case .select = recipe.exit { [.exit([])] } else { recipe.exit.cases.indices.map { .exit([$0]) } }
        switch recipe.failure {
        case .always: return [.failure]
        case .chosen: return exits + [.failure]
        case .never, .first: return exits
        }
    }

    private func leadsOn(_ pick: RecipePick, from node: Int, in region: RecipeRegion, to found: [Int: RecipePick])
        -> Bool
    {
        edges(of: pick, at: node).allSatisfy { edge in
            guard region.members.contains(edge.target) else { return true }
            return found[edge.target] != nil && (region.kind == .part || !structure.backEdges.contains(edge))
        }
    }
}
