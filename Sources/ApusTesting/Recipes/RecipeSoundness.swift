/// Applies the refusals (a) and (c) of Law 2 to a structure whose regions are nested and ordered.
struct RecipeSoundness {
    private(set) var refusals: [RecipeRefusal] = []
    private let structure: RecipeStructure
    private var together: RecipeTogether

    init(_ structure: RecipeStructure) {
        self.structure = structure
        together = RecipeTogether(structure)
        for index in structure.regions.indices {
            switch structure.regions[index].kind {
            case .whole: break
            case .loop(let header): refuseLeaving(index, header)
            case .part: refuseEntries(index)
            }
        }
    }

    private mutating func refuseLeaving(_ loop: Int, _ header: Int) {
        let members = structure.regions[loop].members
        let edges = members.sorted().flatMap { structure.flow.edges(from: $0) }
        let back = edges.filter { $0.target == header }
        for leaving in edges where !members.contains(leaving.target) {
            for edge in back where together.canTake(edge, and: leaving, in: loop) {
                refusals.append(RecipeRefusal(reason: .leavesAndReturns, edges: [edge, leaving]))
                break
            }
        }
    }

    private mutating func refuseEntries(_ part: Int) {
        let members = structure.regions[part].members
        let entries = members.sorted().flatMap { structure.flow.edges(to: $0) }.filter { !members.contains($0.source) }
        for (index, one) in entries.enumerated() {
            // Two edges into one node of the part join there.
            for other in entries[(index + 1)...] where other.target != one.target {
                guard together.canTake(one, and: other, in: structure.regions[part].parent ?? 0) else { continue }
                refusals.append(RecipeRefusal(reason: .severalEntries, edges: [one, other]))
            }
        }
    }
}
