/// The loops of a recipe, worked out from the definitions of Law 2 by plain search.
///
/// Its regions form a tree with the whole graph as first; they are ordered inside only where nothing is refused.
public struct RecipeStructure: Sendable {
    public let recipe: GraphRecipe
    public let backEdges: Set<RecipeEdge>
    public private(set) var regions: [RecipeRegion]
    public private(set) var refusals: [RecipeRefusal] = []
    let flow: RecipeFlow
    /// For each node the innermost region that holds it.
    private var home: [Int]

    public init(_ recipe: GraphRecipe) {
        self.recipe = recipe
        flow = RecipeFlow(recipe)
        backEdges = flow.backEdges()
        let loops = RecipeLoops(flow, backEdges)
        regions = [RecipeRegion(.whole, core: flow.reachable, members: flow.reachable)] + loops.regions
        home = [Int](repeating: 0, count: recipe.nodes.count)
        refusals = loops.refusals
        guard refusals.isEmpty else { return }
        nest()
        for index in regions.indices.reversed() { order(index) }
        refusals = RecipeSoundness(self).refusals
    }

    /// Whether its regions are nested and ordered; refusals found before that leave them as they are.
    public var isOrdered: Bool { !regions[0].units.isEmpty }

    /// The nodes that a run can reach.
    public var reachable: Set<Int> { flow.reachable }

    /// The regions around a node, from the whole graph to the innermost.
    public func path(to node: Int) -> [Int] {
        var path: [Int] = []
        var next: Int? = node < 0 ? 0 : home[node]
        while let region = next {
            path.append(region)
            next = regions[region].parent
        }
        return path.reversed()
    }

    /// The headers of the loops around a node, outermost first: one for each iteration number of its activations.
    public func headers(around node: Int) -> [Int] { path(to: node).compactMap { regions[$0].header } }

    /// The position in the region's order of the unit that holds the node; `nil` if the region does not hold it.
    public func position(of node: Int, in region: Int) -> Int? {
        let path = path(to: node)
        guard let depth = path.firstIndex(of: region) else { return nil }
        let unit: RecipeUnit = depth + 1 < path.count ? .region(path[depth + 1]) : .node(node)
        return regions[region].units.firstIndex(of: unit)
    }

    /// The innermost region that holds both nodes.
    public func common(_ one: Int, _ other: Int) -> Int {
        zip(path(to: one), path(to: other)).prefix { $0 == $1 }.last?.0 ?? 0
    }

    /// Whether the first is after the second within an iteration of the innermost region that holds both.
    public func isAfter(_ one: Int, _ other: Int) -> Bool {
        let region = common(one, other)
        guard let late = position(of: one, in: region), let early = position(of: other, in: region) else {
            return false
        }
        return regions[region].before[late].contains(early)
    }

    private mutating func nest() {
        // From the largest to the smallest, so that a region comes after all that hold it.
        let inner = regions.dropFirst().sorted { $0.members.count > $1.members.count }
        regions = [regions[0]] + inner
        for index in regions.indices.dropFirst() {
            regions[index].parent = regions[..<index].lastIndex { $0.members.isSuperset(of: regions[index].members) }
            for node in regions[index].members { home[node] = index }
        }
    }

    private func units(of region: Int) -> [RecipeUnit] {
        let nodes = regions[region].members.filter { home[$0] == region }.map { RecipeUnit.node($0) }
        let nested = regions.indices.filter { regions[$0].parent == region }.map { RecipeUnit.region($0) }
        return nodes + nested
    }

    private func members(of unit: RecipeUnit) -> Set<Int> {
        switch unit {
        case .node(let node): [node]
        case .region(let region): regions[region].members
        }
    }

    /// Where a unit is declared: a loop where its header is.
    private func declaration(of unit: RecipeUnit) -> Int {
        switch unit {
        case .node(let node): node
        case .region(let region): regions[region].header ?? regions[region].members.min() ?? 0
        }
    }

    /// Again and again the first-declared unit whose forward predecessors are all listed.
    private mutating func order(_ region: Int) {
        guard regions[region].kind != .part else { return }
        var left = units(of: region).sorted { declaration(of: $0) < declaration(of: $1) }
        let all = left
        var predecessors: [RecipeUnit: Set<RecipeUnit>] = [:]
        for unit in all {
            let inside = members(of: unit)
            let edges = inside.flatMap { flow.edges(to: $0) }
            let sources = Set(edges.filter { !backEdges.contains($0) && !inside.contains($0.source) }.map(\.source))
            predecessors[unit] = Set(all.filter { $0 != unit && !members(of: $0).isDisjoint(with: sources) })
        }
        var listed: [RecipeUnit] = []
        while let next = left.firstIndex(where: { predecessors[$0, default: []].isSubset(of: listed) }) {
            let unit = left.remove(at: next)
            let direct = listed.indices.filter { predecessors[unit, default: []].contains(listed[$0]) }
            let before = direct.reduce(into: Set(direct)) { $0.formUnion(regions[region].before[$1]) }
            listed.append(unit)
            regions[region].before.append(before)
        }
        precondition(left.isEmpty, "a cycle that is no loop in region \(region) of \(recipe)")
        regions[region].units = listed
    }
}
