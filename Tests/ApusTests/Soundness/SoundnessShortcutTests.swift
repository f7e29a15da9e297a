import AsideKit
import Testing

@testable import Apus

@Suite(.aside) struct SoundnessShortcutTests {
    @Test func `what is left out changes neither waits nor what never runs`() throws {
        var (graphs, stuck, missing, turns) = (0, 0, 0, 0)
        for seed in Effort.seeds(1_500, full: 20_000) {
            guard let graph = try? TangledGraph.draw(seed: seed) else { continue }
            let every = EveryOrder(graph, ofAllNodes: true, most: 3_000)
            let report = graph.soundness()
            guard every.isComplete, report.isComplete else { continue }
            graphs += 1
            let says: Comment = "seed \(seed)\n\(Self.text(graph))\n\(report)"
            let waits = report.findings.filter { $0.code != .neverRuns && !$0.nodes.allSatisfy { $0.contains("/") } }
            #expect(Set(waits.map(Self.circle)) == Set(every.circles.keys), says)
            if !waits.isEmpty {
                let fewest = EveryOrder(graph, ofAllNodes: false, most: 3_000).circles
                let steps = waits.map { ($0.trace.filter { !$0.node.isEmpty }.count, fewest[Self.circle($0)]) }
                #expect(steps.allSatisfy { $0.0 == $0.1 }, says)
            }
            let never = Set(graph.nodes).subtracting(every.reached)
            #expect(Set(report.neverRun).isSubset(of: never), says)
            for node in never.subtracting(report.neverRun) {
                let sources = graph.outline.edges.filter { $0.target == node }.compactMap(\.source)
                #expect(!sources.isEmpty && sources.allSatisfy(never.contains), says)
            }
            stuck += every.circles.isEmpty ? 0 : 1
            turns += every.circles.keys.contains { $0.code == .waitsForTurn } ? 1 : 0
            missing += never.isEmpty ? 0 : 1
        }
        #expect(graphs > 100 && stuck > 20 && turns > 5 && missing > 20, "\(graphs) \(stuck) \(turns) \(missing)")
    }

    private static func circle(_ finding: SoundnessFinding) -> EveryOrder.Circle {
        EveryOrder.Circle(code: finding.code, nodes: Set(finding.nodes))
    }

    private static func text(_ graph: Graph<Nothing>) -> String {
        graph.outline.edges.map { "\($0.source ?? "start") -\($0.label ?? "")\($0.kind)-> \($0.target ?? "end")" }
            .joined(separator: "\n")
            + "\n\(graph.plan.constraints)\n\(graph.channels)\n\(graph.table.policies.map(\.criticalKey))"
    }
}
