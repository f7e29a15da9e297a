import Apus
import Testing

@Suite struct DOTTests {
    private static let head = """
            graph [compound=true, fontname="Helvetica", label="%", labelloc=t, labeljust=l]
            node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=12, fillcolor="#f7f9fc", color="#a3b1c6", fontcolor="#16202e"]
            edge [fontname="Helvetica", fontsize=10, color="#75859c", fontcolor="#5b6b82"]

        """

    private static func head(_ name: String) -> String { head.split(separator: "%").joined(separator: name) }

    @Test func `routes, failures and composites are drawn`() {
        #expect(
            GraphOutline.overdue.dot() == "digraph \"overdue-orders\" {\n" + Self.head("overdue-orders") + """
                    nstart [shape=circle, label="", width=0.16, fillcolor="#16202e"]
                    n0 [label="fetch", shape=box]
                    n1 [label="decide\\nfor each", shape=box3d, style=filled]
                    n2 [label="record", shape=box]
                    n3 [label="mend", shape=box]
                    nend [shape=circle, label="", width=0.16, fillcolor="#ffffff", color="#16202e"]
                    nfinish [shape=doublecircle, label="", width=0.16, fillcolor="#16202e", color="#16202e"]
                    nstart -> n0
                    n0 -> n1 [label="some"]
                    n0 -> n2 [label="none"]
                    n1 -> n2
                    n0 -> n3 [color="#d12f2f", fontcolor="#d12f2f", style=dashed]
                    n3 -> nend
                    n2 -> nfinish
                }

                """)
    }

    @Test func `loops and graphs within nodes are clusters`() {
        #expect(
            GraphOutline.drafting.dot() == "digraph \"drafting\" {\n" + Self.head("drafting") + """
                    nstart [shape=circle, label="", width=0.16, fillcolor="#16202e"]
                    subgraph "cluster_nloop1" {
                        graph [label="loop", fontsize=10, style=rounded, color="#6a50d3", fontcolor="#6a50d3"]
                        n0 [label="write", shape=box]
                        n1 [label="judge", shape=box]
                    }
                    subgraph "cluster_n2" {
                        graph [label="publish\\nsubgraph", fontsize=10, style="rounded,filled", color="#a3b1c6", fillcolor="#f7f9fc"]
                        n2_0_start [shape=circle, label="", width=0.16, fillcolor="#16202e"]
                        n2_0_0 [label="write", shape=box]
                        n2_0_end [shape=circle, label="", width=0.16, fillcolor="#ffffff", color="#16202e"]
                        n2_0_start -> n2_0_0
                        n2_0_0 -> n2_0_end
                    }
                    nend [shape=circle, label="", width=0.16, fillcolor="#ffffff", color="#16202e"]
                    nstart -> n0
                    n0 -> n1
                    n1 -> n0 [label="again", color="#6a50d3", fontcolor="#6a50d3", penwidth=1.5, constraint=false]
                    n1 -> n2_0_0 [lhead="cluster_n2", label="good"]
                    n2_0_0 -> nend [ltail="cluster_n2"]
                }

                """)
    }

    @Test func `a run colours its nodes`() {
        let text = GraphOutline.overdue.dot(overlay: .sample)
        #expect(
            text.contains(##"n0 [label="fetch\n1.5 s · 1 retry", shape=box, color="#1a8a4a", fillcolor="#effaf3"]"##))
        #expect(text.contains(#"n3 [label="mend\nskipped", shape=box, style="rounded,filled,dashed""#))
    }

    @Test(arguments: GraphOutline.hostileNames)
    func `no name leaves its quotes`(_ name: String) {
        let outline = GraphOutline(name: name, nodes: [NodeOutline(id: name)], edges: [], loops: [])
        let text = outline.dot()
        #expect(text.split(separator: "\n").count == 6)
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if !isQuoted {
                #expect(character.isASCII && !"<>&#".contains(character))
            }
        }
        #expect(!isQuoted)
    }
}
