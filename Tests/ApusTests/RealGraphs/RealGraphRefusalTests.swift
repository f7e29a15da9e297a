import ApusTesting
import Testing

@Suite(.enabled(if: Corpus.isExpected))
struct RealGraphRefusalTests {
    @Test
    func `Law 2 refuses at most four of the graphs that users made`() throws {
        let topologies = try Topology.all()
        #expect(topologies.count == 640)
        var refused: [String] = []
        for topology in topologies {
            let structure = RecipeStructure(TopologyRecipe(topology).recipe)
            if !structure.refusals.isEmpty { refused.append("\(topology.id): \(structure.refusals)") }
        }
        #expect(refused.count <= 4, "\(refused.joined(separator: "\n"))")
    }
}
