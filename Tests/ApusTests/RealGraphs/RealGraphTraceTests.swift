import ApusTesting
import AsideKit
import CorpusKit
import Testing

@Suite(.aside, .enabled(if: Corpus.isExpected))
struct RealGraphTraceTests {
    @Test
    func `the engine runs the nodes that Dify's engine runs`() throws {
        let topologies = Dictionary(uniqueKeysWithValues: try Topology.all().map { ($0.id, $0) })
        let traces = try Corpus.lines(of: "workflows/graphon-oracle.traces.jsonl.gz", as: DifyTrace.self)
        #expect(traces.count == 408)
        for trace in traces {
            let topology = TopologyRecipe(try #require(topologies[trace.topology]))
            let recipe = topology.scripted(roots: [trace.root], choices: trace.branchChoices.mapValues { [$0] })
            let trial = EngineTrial(recipe, seed: 1)
            #expect(trial.complaints.isEmpty, "\(trace.topology): \(trial.complaints) \(recipe)")
            let ran = trial.ran.map { topology.id(of: $0.node) }
            #expect(ran.sorted() == trace.succeeded.sorted(), "\(trace) \(recipe)")
        }
    }

    @Test
    func `the engine runs the nodes that LangGraph runs, wherever it runs none twice and none of its joins starves`()
        throws
    {
        let topologies = Dictionary(uniqueKeysWithValues: try Topology.all().map { ($0.id, $0) })
        let traces = try Corpus.lines(of: "workflows/langgraph-oracle.traces.jsonl.gz", as: LangGraphTrace.self)
        #expect(traces.count == 749)
        var compared = 0
        for trace in traces where trace.status == "done" && trace.ranEachOnce {
            let source = try #require(topologies[trace.topology])
            let topology = TopologyRecipe(source)
            let structure = RecipeStructure(topology.scripted(roots: trace.roots, choices: trace.branchChoices))
            guard structure.refusals.isEmpty, RecipeChoices(structure).canEnd, !trace.starves(on: source) else {
                continue
            }
            let trial = EngineTrial(structure.recipe, seed: 1)
            #expect(trial.complaints.isEmpty, "\(trace.topology): \(trial.complaints) \(structure.recipe)")
            let ran = trial.ran.map { topology.id(of: $0.node) }
            #expect(ran.sorted() == trace.supersteps.joined().sorted(), "\(trace)")
            compared += 1
        }
        #expect(compared >= 400, "compared only \(compared)")
    }
}
