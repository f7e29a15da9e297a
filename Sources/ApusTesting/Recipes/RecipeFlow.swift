/// One edge of a recipe: (node, case, target).
public struct RecipeEdge: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The node it comes from; ``GraphRecipe/first`` for an entry.
    public var source: Int
    /// The position of its case among ``GraphRecipe/cases(of:)``.
    public var branch: Int
    public var target: Int

    public var description: String { "\(source < 0 ? "start" : String(source)).\(branch)→\(target)" }
}

/// The edges of a recipe and what can be asked of them without knowing about loops.
///
/// Everything is found by plain search, since this is what the engine's own analysis is compared with.
struct RecipeFlow {
    let recipe: GraphRecipe
    /// All edges whose source can be reached.
    let edges: [RecipeEdge]
    /// Nodes that some path from the virtual first node reaches.
    let reachable: Set<Int>
    private let leaving: [[RecipeEdge]]
    private let arriving: [[RecipeEdge]]

    init(_ recipe: GraphRecipe) {
        var all: [RecipeEdge] = []
        for source in GraphRecipe.first..<recipe.nodes.count {
            for (branch, targets) in recipe.cases(of: source).enumerated() {
                all += targets.map { RecipeEdge(source: source, branch: branch, target: $0) }
            }
        }
        let found = Self(recipe, all, []).reach(from: [GraphRecipe.first])
        self.init(recipe, all.filter { found.contains($0.source) }, found)
    }

    private init(_ recipe: GraphRecipe, _ edges: [RecipeEdge], _ reachable: Set<Int>) {
        self.recipe = recipe
        self.edges = edges
        self.reachable = reachable.subtracting([GraphRecipe.first])
        leaving = Self.group(edges, count: recipe.nodes.count) { $0.source }
        arriving = Self.group(edges, count: recipe.nodes.count) { $0.target }
    }

    private static func group(_ edges: [RecipeEdge], count: Int, by key: (RecipeEdge) -> Int) -> [[RecipeEdge]] {
        var groups = [[RecipeEdge]](repeating: [], count: count + 1)
        for edge in edges { groups[key(edge) + 1].append(edge) }
        return groups
    }

    func edges(from node: Int) -> [RecipeEdge] { leaving[node + 1] }
    func edges(to node: Int) -> [RecipeEdge] { arriving[node + 1] }

    /// The given nodes and all that follow them, on paths of admitted edges.
    func reach(from starts: Set<Int>, along admitted: (RecipeEdge) -> Bool = { _ in true }) -> Set<Int> {
        var found = starts
        var open = Array(starts)
        while let node = open.popLast() {
            for edge in edges(from: node) where admitted(edge) && found.insert(edge.target).inserted {
                open.append(edge.target)
            }
        }
        return found
    }

    /// The given nodes and all that lead to them, on paths of admitted edges.
    func reach(to ends: Set<Int>, along admitted: (RecipeEdge) -> Bool) -> Set<Int> {
        var found = ends
        var open = Array(ends)
        while let node = open.popLast() {
            for edge in edges(to: node) where admitted(edge) && found.insert(edge.source).inserted {
                open.append(edge.source)
            }
        }
        return found
    }

    /// The edges whose target dominates their source: without the target, the source can't be reached.
    func backEdges() -> Set<RecipeEdge> {
        var back: Set<RecipeEdge> = []
        for node in reachable where !edges(to: node).isEmpty {
            let without = reach(from: [GraphRecipe.first]) { $0.target != node }
            back.formUnion(edges(to: node).filter { !without.contains($0.source) })
        }
        return back
    }

    /// Whether one activation of the node that both edges come from can take both.
    func compatible(_ one: RecipeEdge, _ other: RecipeEdge) -> Bool {
        if one.branch == other.branch { return true }
        guard one.source >= 0, case .select(let targets) = recipe.nodes[one.source].exit else { return false }
        return one.branch < targets.count && other.branch < targets.count
    }
}
