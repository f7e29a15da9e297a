import Apus
import ApusTesting
import AsideKit
import CorpusKit
import Testing

@Suite(.aside, .enabled(if: Corpus.isExpected))
struct RealGraphRefusalTests {
    @Test
    func `Law 2 refuses at most four of the graphs that users made`() throws {
        let topologies = try Topology.all()
        #expect(topologies.count == 640)
        var refused: [String] = []
        for topology in topologies {
            let recipe = TopologyRecipe(topology).recipe
            let refusals = RecipeStructure(recipe).refusals
            do {
                _ = try recipe.graph(named: topology.id)
                #expect(refusals.isEmpty, "\(topology.id): \(refusals)")
            } catch {
                #expect(!refusals.isEmpty, "\(error)")
                refused.append("\(error)")
            }
        }
        #expect(refused.count <= 4, "\(refused.joined(separator: "\n"))")
    }
}
