/// Tells which two edges one iteration of a region can both take.
///
/// Nodes choose independently of each other and start once one edge into them is taken. So two edges can be
/// taken together if a path leads to each of them and the paths agree where they share a node. Both paths are
/// followed backwards, always from the later end, so that they meet in every node that they share.
struct RecipeTogether {
    private struct Question: Hashable {
        let region: Int
        let one: RecipeEdge
        let other: RecipeEdge
    }

    private let structure: RecipeStructure
    private var answers: [Question: Bool] = [:]

    init(_ structure: RecipeStructure) { self.structure = structure }

    mutating func canTake(_ one: RecipeEdge, and other: RecipeEdge, in region: Int) -> Bool {
        let question = Question(region: region, one: one, other: other)
        if let answer = answers[question] { return answer }
        let answer = work(out: question)
        answers[question] = answer
        answers[Question(region: region, one: other, other: one)] = answer
        return answer
    }

    private mutating func work(out question: Question) -> Bool {
        let (one, other, region) = (question.one, question.other, question.region)
        // Edges of the virtual first node stand before every unit.
        let first = structure.position(of: one.source, in: region) ?? -1
        let second = structure.position(of: other.source, in: region) ?? -1
        if first != second {
            let (late, early) = first > second ? (first, other) : (second, one)
            for edge in edges(into: late, of: region) where canTake(edge, and: early, in: region) { return true }
            return false
        }
        guard first >= 0, case .region(let nested) = structure.regions[region].units[first] else {
            return structure.flow.compatible(one, other)
        }
        if structure.regions[nested].kind == .part {
            return one.source == other.source && structure.flow.compatible(one, other)
        }
        return canTake(one, and: other, in: nested)
    }

    private func edges(into position: Int, of region: Int) -> [RecipeEdge] {
        let inside: Set<Int> =
            switch structure.regions[region].units[position] {
            case .node(let node): [node]
            case .region(let nested): structure.regions[nested].members
            }
        return inside.sorted().flatMap { structure.flow.edges(to: $0) }.filter {
            !inside.contains($0.source) && !structure.backEdges.contains($0)
        }
    }
}
