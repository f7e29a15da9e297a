import Apus
import Foundation
import Testing

@Suite struct RelationTests {
    struct Bound: GraphState { var count = 0 }

    /// A graph with everything that binds nodes besides edges.
    private func graph() throws -> Graph<Bound> {
        try Graph<Bound>("bound") { g in
            let (open, order, close) = (
                g.node("open") { _, _ in }, g.node("order") { _, _ in }, g.node("close") { _, _ in }
            )
            let pages = g.channel("pages", of: Int.self)
            let write = g.node("write") { _, _ in }.sends(to: pages)
            let print = g.forEach("print", pages) { page, _ in
                page
            } collect: { _, _ in
            }
            g.start(at: open, write, print)
            g.fork(from: open, to: order, close)
            g.milestone(order, after: open, before: close)
            g.cancelRegion([print], by: close)
        }
    }

    @Test func `an outline names what binds nodes besides edges`() throws {
        #expect(
            try graph().outline.relations == [
                RelationOutline("write", .sends, "print", label: "pages"), RelationOutline("open", .precedes, "order"),
                RelationOutline("order", .leads, "close"), RelationOutline("close", .cancels, "print"),
            ])
    }

    @Test func `it is drawn in all three ways`() throws {
        let outline = try graph().outline
        #expect(outline.mermaid().contains("-.-o|\"pages\"|"))
        #expect(outline.dot().contains("label=\"cancels\", style=dotted"))
        let svg = outline.svg()
        #expect(svg.contains("<title>write sends print</title>") && svg.contains(">pages</text>"))
    }

    @Test func `a graph without them has the text it always had`() throws {
        let plain = try Graph<Bound>("plain") { g in g.start(at: g.node("only") { _, _ in }) }
        let json = String(decoding: try JSONEncoder().encode(plain.outline), as: UTF8.self)
        #expect(!json.contains("relations"))
        #expect(plain.fingerprint != (try graph().fingerprint))
    }

    @Test func `a difference names them`() throws {
        let old = try graph().outline
        var new = old
        new.relations.removeFirst()
        #expect(GraphDifference(from: old, to: new).description == "edges gone: write sends [pages] print")
    }
}
