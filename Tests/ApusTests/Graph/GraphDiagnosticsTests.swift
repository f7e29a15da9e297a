import Apus
import Testing

@Suite struct GraphDiagnosticsTests {
    @Test(arguments: DefectCase.all)
    func `a defect is named with its nodes and a mend`(defect: DefectCase) throws {
        let error = #expect(throws: GraphError.self) { try Graph<Trail>("g", defect.build) }
        let found = try #require(error).diagnostics
        #expect(found.map(\.code) == [defect.code])
        let diagnostic = try #require(found.first)
        #expect(diagnostic.nodes == defect.nodes)
        #expect(!diagnostic.reason.isEmpty && !diagnostic.mend.isEmpty)
        for word in defect.nodes.filter({ !$0.isEmpty }) + defect.words {
            #expect(diagnostic.description.contains(word))
        }
    }

    @Test func `everything that is wrong is told at once`() throws {
        let error = #expect(throws: GraphError.self) {
            try Graph<Trail>("many") { g in
                let (a, b) = (g.mark("a"), g.mark("b").iterationLimit(0))
                g.start(at: a)
                g.fork(from: a, to: b, b)
                g.edge(from: a, to: b)
                g.onFailure(of: b, to: a)
                g.onFailure(of: b, to: a)
                _ = g.mark("b")
                _ = g.mark("")
            }
        }
        let found = try #require(error)
        #expect(
            found.diagnostics.map(\.code) == [
                .duplicateTarget, .secondExit, .secondFailureExit, .duplicateID, .emptyName, .invalidLimit,
                .unreachableNode, .unreachableNode,
            ])
        for code in ["duplicateTarget", "secondExit", "invalidLimit"] { #expect(found.description.contains(code)) }
        #expect(found.description.contains("\"many\" has 8 defect"))
    }

    @Test func `handles of another graph are refused wherever they stand`() throws {
        var stranger: NodeHandle<Trail>?
        _ = try Graph<Trail>("other") { g in
            let a = g.mark("a")
            stranger = a
            g.start(at: a)
        }
        let other = try #require(stranger)
        let uses: [@Sendable (inout GraphBuilder<Trail>, NodeHandle<Trail>) -> Void] = [
            { g, a in g.edge(from: a, to: other) }, { g, a in g.edge(from: other, to: a) },
            { g, a in g.fork(from: a, to: a, other) }, { g, a in g.route(from: a, to: [.end, other]) { _ in .end } },
            { g, a in g.select(from: a, to: [other]) { _ in [] } }, { g, a in g.onFailure(of: a, to: other) },
            { g, a in g.onFailure(of: other, to: a) }, { g, _ in g.start(at: other) },
            { g, _ in g.entry("e", at: other) },
            { g, a in g.milestone(a, after: other, before: a) }, { g, a in g.cancelRegion([other], by: a) },
            { g, a in g.cancelRegion([a], by: other) }, { g, _ in _ = g.channel("c", of: Int.self, from: other) },
        ]
        for (number, use) in uses.enumerated() {
            let error = #expect(throws: GraphError.self, "use \(number)") {
                try Graph<Trail>("g") { g in
                    let a = g.mark("a")
                    g.start(at: a)
                    use(&g, a)
                }
            }
            #expect(error?.diagnostics.contains { $0.code == .foreignHandle } == true, "use \(number)")
        }
    }

    @Test func `a state whose fields can't be told apart is refused`() throws {
        struct Odd: GraphState {
            var count = 0
            static let fields: [Field<Self>] = [Field("count", \.count), Field("count", \.count), Field("", \.count)]
        }
        let error = #expect(throws: GraphError.self) {
            try Graph<Odd>("g") { g in g.start(at: g.node("a") { _, _ in }) }
        }
        let found = try #require(error).diagnostics
        #expect(Set(found.map(\.code)) == [.invalidField])
        #expect(found.contains { $0.description.contains("declared twice") })
        #expect(found.contains { $0.description.contains("empty name") })
    }

    @Test func `a builder's own error comes through`() {
        #expect(throws: Trouble()) { try Graph<Trail>("g") { _ in throw Trouble() } }
    }

    @Test func `a graph tells its nodes and entries in the order of their declaration`() throws {
        let graph = try Graph<Trail>("g") { g in
            let (b, a) = (g.mark("b"), g.mark("a"))
            g.entry("late", at: a)
            g.entry("early", at: b)
        }
        #expect(graph.nodes == ["b", "a"])
        #expect(graph.entries == ["late", "early"])
    }

    @Test func `a handle that outlives its builder changes nothing`() async throws {
        var kept: NodeHandle<Trail>?
        let graph = try Graph<Trail>("g") { g in
            let a = g.fail("a")
            kept = a
            g.start(at: a)
        }
        kept?.passedOverOnFailure()
        await #expect(throws: RunError.self) { try await GraphExecutor().run(graph, from: Trail()) }
    }

    @Test func `a graph frees what its nodes hold when it goes, also if a route names its own handles`() throws {
        final class Resource: Sendable {}
        weak var seen: Resource?
        try {
            let resource = Resource()
            seen = resource
            _ = try Graph<Trail>("g") { g in
                let a = g.node("a") { state, _ in state.owner = "\(resource)" }
                let b = g.mark("b")
                g.start(at: a)
                g.route(from: a, to: [a, b]) { $0.sum > 0 ? a : b }
            }
        }()
        #expect(seen == nil)
    }
}
