/// Checks of a recorded run that every branch went where it was sent, once, and that nothing was left over.
///
/// It compares activations with the edges that they take by the recipe's choices, and needs no second execution.
/// Parts with several entries, whose activations have no number of their own, are left out.
public struct ConservationOracle {
    private let structure: RecipeStructure
    private let choices: RecipeChoices

    public init(_ structure: RecipeStructure) {
        self.structure = structure
        choices = RecipeChoices(structure)
    }

    /// What is wrong with a run; empty if nothing is.
    ///
    /// - Parameter isComplete: Whether the run came to its end, so that everything sent must have arrived.
    public func violations(
        ran: [RecipeVisit], failed: [RecipeVisit] = [], skipped: [RecipeVisit] = [], isComplete: Bool
    ) -> [String] {
        let visits = (ran + failed).filter { !structure.isInPart($0.node) }
        let unique = Set(visits)
        var found: [String] = []
        if visits.count != unique.count { found.append("ran twice: \(Self.repeated(visits))") }
        let both = unique.intersection(skipped)
        if !both.isEmpty { found.append("ran and was skipped: \(both)") }
        let sent = arrivals(ran: ran, failed: failed)
        for visit in visits where !sent.contains(visit) && !mayComeFromPart(visit.node) {
            found.append("nothing led to \(visit)")
        }
        guard isComplete else { return found }
        for visit in sent where !unique.contains(visit) && !structure.isInPart(visit.node) {
            found.append("\(visit) was sent for and did not run")
        }
        return found
    }

    /// The activation to which an edge leads when the given one takes it.
    public func target(of edge: RecipeEdge, takenBy visit: RecipeVisit) -> RecipeVisit {
        let around = structure.headers(around: edge.target)
        if structure.backEdges.contains(edge), around.last == edge.target {
            var iterations = Array(visit.iterations.prefix(around.count))
            iterations[around.count - 1] += 1
            return RecipeVisit(edge.target, iterations)
        }
        let shared = zip(around, structure.headers(around: edge.source)).prefix { $0 == $1 }.count
        return RecipeVisit(
            edge.target, visit.iterations.prefix(shared) + Array(repeating: 0, count: around.count - shared))
    }

    private func arrivals(ran: [RecipeVisit], failed: [RecipeVisit]) -> Set<RecipeVisit> {
        let entries = structure.flow.edges(from: GraphRecipe.first).filter { $0.branch == structure.recipe.entry }
        var sent = Set(entries.map { target(of: $0, takenBy: RecipeVisit(GraphRecipe.first)) })
        var counts: [Int: Int] = [:]
        for visit in ran where !structure.isInPart(visit.node) {
            let pick = choices.pick(visit.node, visit.iterations, steps: counts[visit.node, default: 0])
            if structure.stepKey(of: visit.node) != nil { counts[visit.node, default: 0] += 1 }
            let edges = choices.edges(of: pick, at: visit.node)
            sent.formUnion(edges.map { target(of: $0, takenBy: visit) })
        }
        for visit in failed where !structure.isInPart(visit.node) {
            sent.formUnion(choices.edges(of: .failure, at: visit.node).map { target(of: $0, takenBy: visit) })
        }
        return sent
    }

    private func mayComeFromPart(_ node: Int) -> Bool {
        structure.flow.edges(to: node).contains { $0.source >= 0 && structure.isInPart($0.source) }
    }

    private static func repeated(_ visits: [RecipeVisit]) -> [RecipeVisit] {
        var seen: Set<RecipeVisit> = []
        return visits.filter { !seen.insert($0).inserted }
    }
}
