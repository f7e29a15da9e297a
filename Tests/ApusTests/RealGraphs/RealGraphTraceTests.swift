import ApusTesting
import Testing

@Suite(.enabled(if: Corpus.isExpected))
struct RealGraphTraceTests {
    @Test
    func `the laws run the nodes that Dify's engine runs`() throws {
        let topologies = Dictionary(uniqueKeysWithValues: try Topology.all().map { ($0.id, $0) })
        let traces = try Corpus.lines(of: "workflows/graphon-oracle.traces.jsonl.gz", as: DifyTrace.self)
        #expect(traces.count == 408)
        for trace in traces {
            let topology = TopologyRecipe(try #require(topologies[trace.topology]))
            let recipe = topology.scripted(roots: [trace.root], choices: trace.branchChoices.mapValues { [$0] })
            let ran = ReferenceInterpreter.run(RecipeStructure(recipe)).ran.map { topology.id(of: $0.node) }
            #expect(ran.count == trace.succeeded.count && Set(ran) == Set(trace.succeeded), "\(trace) \(recipe)")
        }
    }

    @Test
    func `the laws run the nodes that LangGraph runs, wherever it runs none twice and none of its joins starves`()
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
            let ran = ReferenceInterpreter.run(structure).ran.map { topology.id(of: $0.node) }
            #expect(ran.sorted() == trace.supersteps.joined().sorted(), "\(trace)")
            compared += 1
        }
        #expect(compared >= 400, "compared only \(compared)")
    }
}
