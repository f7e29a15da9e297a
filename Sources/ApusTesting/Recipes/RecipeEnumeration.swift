/// Tries every choice of an iteration, to confirm on small graphs what `RecipeTogether` concludes.
///
/// Takes time exponential in the number of nodes.
public struct RecipeEnumeration {
    private let structure: RecipeStructure

    public init(_ structure: RecipeStructure) { self.structure = structure }

    /// Whether some choice of an iteration takes a back edge and a leaving edge, or enters a part twice at once.
    public var findsRefusal: Bool {
        structure.regions.indices.contains { index in
            let region = structure.regions[index]
            switch region.kind {
            case .whole: return false
            case .loop(let header):
                return iterations(of: index).contains { taken in
                    taken.contains { $0.target == header }
                        && taken.contains { region.members.contains($0.source) && !region.members.contains($0.target) }
                }
            case .part:
                return iterations(of: region.parent ?? 0).contains { taken in
                    let entries = taken.filter {
                        !region.members.contains($0.source) && region.members.contains($0.target)
                    }
                    return Set(entries.map(\.target)).count > 1
                }
            }
        }
    }

    /// The edges taken, for each way in which one iteration of the region can go.
    private func iterations(of index: Int) -> Set<Set<RecipeEdge>> {
        let region = structure.regions[index]
        var ways: Set<Set<RecipeEdge>> = [[]]
        if region.kind == .whole {
            ways = Set(
                structure.recipe.entries.indices.map { entry in
                    Set(structure.flow.edges(from: GraphRecipe.first).filter { $0.branch == entry })
                })
        }
        for unit in region.units {
            let members: Set<Int> =
                switch unit {
                case .node(let node): [node]
                case .region(let nested): structure.regions[nested].members
                }
            // What never ends takes nothing, and what waits for it never starts.
            let ends = outcomes(of: unit)
            let outcomes = ends.isEmpty ? [[]] : ends
            ways = ways.reduce(into: []) { longer, way in
                let starts = way.contains { members.contains($0.target) && !members.contains($0.source) }
                if starts || region.header.map({ unit == .node($0) }) ?? false {
                    for outcome in outcomes { longer.insert(way.union(outcome)) }
                } else {
                    longer.insert(way)
                }
            }
        }
        return ways
    }

    private func outcomes(of unit: RecipeUnit) -> Set<Set<RecipeEdge>> {
        switch unit {
        case .node(let node): return outcomes(of: node)
        case .region(let index):
            let region = structure.regions[index]
            if region.kind == .part {
                let steps = region.members.map { outcomes(of: $0) }.reduce(into: Set()) { $0.formUnion($1) }
                return steps.filter { step in !step.contains { region.members.contains($0.target) } }
            }
            return iterations(of: index).filter { way in !way.contains { $0.target == region.header } }
        }
    }

    private func outcomes(of node: Int) -> Set<Set<RecipeEdge>> {
        let groups = Dictionary(grouping: structure.flow.edges(from: node)) { $0.branch }.mapValues { Set($0) }
        let cases = Set(structure.recipe.cases(of: node).indices.map { groups[$0] ?? [] })
        guard case .select(let targets) = structure.recipe.nodes[node].exit else { return cases }
        let subsets = (0..<(1 << targets.count)).map { bits in
            targets.indices.filter { bits >> $0 & 1 == 1 }.reduce(into: Set<RecipeEdge>()) {
                $0.formUnion(groups[$1] ?? [])
            }
        }
        return Set(subsets).union(groups[targets.count].map { [$0] } ?? [])
    }
}
