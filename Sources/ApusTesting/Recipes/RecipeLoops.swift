/// Finds cores, parts with several entries and side branches, before anything is nested or ordered.
struct RecipeLoops {
    private(set) var regions: [RecipeRegion] = []
    private(set) var refusals: [RecipeRefusal] = []
    private let flow: RecipeFlow
    private let back: Set<RecipeEdge>

    init(_ flow: RecipeFlow, _ back: Set<RecipeEdge>) {
        self.flow = flow
        self.back = back
        var cores: [Int: Set<Int>] = [:]
        for header in Set(back.map(\.target)) { cores[header] = core(of: header) }
        let parts = parts(cores)
        for part in parts {
            regions.append(RecipeRegion(.part, core: part, members: part))
            refuseParallelSteps(in: part)
        }
        for (header, core) in cores.sorted(by: { $0.key < $1.key })
        where !parts.contains(where: { $0.contains(header) }) {
            let starts = core.reduce(into: Set()) { $0.formUnion(sideStarts(from: $1, core)) }
            let side = flow.reach(from: Set(starts.map(\.target))) { !back.contains($0) }
            regions.append(RecipeRegion(.loop(header: header), core: core, members: core.union(side)))
            refuseEdges(into: side, of: core, except: starts)
        }
    }

    /// The header and all nodes that reach a back edge without passing it.
    private func core(of header: Int) -> Set<Int> {
        let ends = Set(back.filter { $0.target == header }.map(\.source))
        return flow.reach(to: ends) { $0.target != header }.union([header])
    }

    /// The strongly connected parts around cycles that stay when all back edges are taken away.
    private func parts(_ cores: [Int: Set<Int>]) -> [Set<Int>] {
        var found: [Set<Int>] = []
        for node in flow.reachable.sorted() where !found.contains(where: { $0.contains(node) }) {
            let cycle = component(of: node) { !back.contains($0) }
            guard cycle.count > 1 else { continue }
            let around = cores.filter { $0.value.isSuperset(of: cycle) }.min { $0.value.count < $1.value.count }
            let part = component(of: node) { edge in
                guard let around else { return true }
                return around.value.contains(edge.source) && around.value.contains(edge.target)
                    && edge.target != around.key
            }
            found.removeAll { $0.isSubset(of: part) }
            found.append(part)
        }
        return found
    }

    private func component(of node: Int, along admitted: (RecipeEdge) -> Bool) -> Set<Int> {
        flow.reach(from: [node], along: admitted).intersection(flow.reach(to: [node], along: admitted))
    }

    /// The edges to outside targets of cases with targets both inside and outside the core.
    private func sideStarts(from node: Int, _ core: Set<Int>) -> [RecipeEdge] {
        flow.edges(from: node).filter { edge in
            !core.contains(edge.target) && flow.recipe.cases(of: node)[edge.branch].contains(where: core.contains)
        }
    }

    /// Besides those that start the side branch, only its own edges lead into it; all others out of the core leave.
    private mutating func refuseEdges(into side: Set<Int>, of core: Set<Int>, except starts: Set<RecipeEdge>) {
        for node in side.sorted() {
            for edge in flow.edges(to: node) where !side.contains(edge.source) && !starts.contains(edge) {
                refusals.append(RecipeRefusal(reason: .intoSideBranch, edges: [edge]))
            }
            // The case that starts a side branch also goes on inside, from where a back edge can be reached.
            for edge in flow.edges(from: node)
            where back.contains(edge) && !core.contains(edge.target) && !side.contains(edge.target) {
                refusals.append(RecipeRefusal(reason: .leavesAndReturns, edges: [edge]))
            }
        }
    }

    private mutating func refuseParallelSteps(in part: Set<Int>) {
        for node in part.sorted() {
            let edges = flow.edges(from: node)
            for (index, one) in edges.enumerated() {
                for other in edges[(index + 1)...] where flow.compatible(one, other) {
                    guard part.contains(one.target) || part.contains(other.target) else { continue }
                    refusals.append(RecipeRefusal(reason: .severalEntries, edges: [one, other]))
                }
            }
        }
    }
}
