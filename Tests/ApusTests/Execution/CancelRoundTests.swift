import Apus
import ApusTesting
import Testing

/// A region cancels what stands in its round, and nothing in later ones.
@Suite struct CancelRoundTests {
    struct Words: GraphState {
        var log: [String] = []
        var rounds = 0
        static let fields: [Field<Self>] = [
            Field("log", \.log, merging: .append), Field("rounds", \.rounds, merging: .sum),
        ]
    }

    @Test func `a node that was cancelled runs again when the loop around it begins anew`() throws {
        let graph = try Graph<Words>("rounds") { g in
            let outer = g.node("outer") { state, _ in state.rounds += 1 }
            let inner = g.node("inner") { _, _ in }
            let trigger = g.node("trigger") { _, _ in }
            let member = g.node("member") { state, _ in state.log.append("member") }
            let join = g.node("join") { _, _ in }
            g.start(at: outer)
            g.edge(from: outer, to: inner)
            g.route(from: inner, to: [trigger, member]) { $0.rounds == 1 ? trigger : member }
            g.fork(from: trigger, to: member, join)
            g.edge(from: member, to: join)
            g.route(from: join, to: [inner, outer, .end]) { $0.rounds < 2 ? outer : .end }
            g.cancelRegion([member], by: trigger)
        }
        #expect(graph.outline.loops.map(\.header) == ["outer", "inner"])
        let final = try Simulator(seed: 1).run { environment in
            try await GraphExecutor(environment: environment).run(graph, from: Words())
        }
        #expect(final.log == ["member"])
    }
}
