import Apus
import Testing

@Suite struct MermaidTests {
    @Test func `routes, failures and composites are drawn`() {
        #expect(
            GraphOutline.overdue.mermaid() == """
                ---
                title: "overdue-orders"
                ---
                flowchart TB
                    nstart(("#32;")):::mark
                    n0["fetch"]
                    n1[/"decide<br/>for each"/]
                    n2["record"]
                    n3["mend"]
                    nend((("#32;")))
                    nfinish((("#32;"))):::mark
                    nstart --> n0
                    n0 -->|"some"| n1
                    n0 -->|"none"| n2
                    n1 --> n2
                    n0 -.-> n3
                    n3 --> nend
                    n2 --> nfinish
                    classDef mark fill:#16202e,stroke:#16202e
                    linkStyle 4 stroke:#d12f2f

                """)
    }

    @Test func `loops and graphs within nodes are nested`() {
        #expect(
            GraphOutline.drafting.mermaid() == """
                ---
                title: "drafting"
                ---
                flowchart TB
                    nstart(("#32;")):::mark
                    subgraph nloop1["loop"]
                        n0["write"]
                        n1["judge"]
                    end
                    subgraph n2["publish<br/>subgraph"]
                        n2_0_start(("#32;")):::mark
                        n2_0_0["write"]
                        n2_0_end((("#32;")))
                        n2_0_start --> n2_0_0
                        n2_0_0 --> n2_0_end
                    end
                    nend((("#32;")))
                    nstart --> n0
                    n0 --> n1
                    n1 ==>|"again"| n0
                    n1 -->|"good"| n2
                    n2 --> nend
                    classDef mark fill:#16202e,stroke:#16202e
                    linkStyle 4 stroke:#6a50d3

                """)
    }

    @Test func `a run colours its nodes`() throws {
        let text = GraphOutline.overdue.mermaid(overlay: .sample)
        #expect(text.contains(#"n0["fetch<br/>1.5 s · 1 retry"]:::completed"#))
        #expect(text.contains(#"n1[/"decide<br/>for each<br/>2 elements · 3 s · 1 failed"/]:::completed"#))
        #expect(text.contains(#"n3["mend<br/>skipped"]:::skipped"#))
        #expect(text.contains("classDef skipped fill:"))
    }

    @Test(arguments: GraphOutline.hostileNames)
    func `no name leaves its quotes`(_ name: String) {
        let outline = GraphOutline(
            name: name, nodes: [NodeOutline(id: name)],
            edges: [EdgeOutline(from: name, to: nil, label: name)], loops: [])
        let lines = outline.mermaid().split(separator: "\n", omittingEmptySubsequences: false)
        let title = name.isEmpty ? 0 : 3
        #expect(lines.count == title + 6)
        #expect(lines[title] == "flowchart TB")
        #expect(!lines.contains { $0.contains(#/direction\s/#) })
        for line in lines {
            #expect(line.count { $0 == "\"" } % 2 == 0)
            let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
            for (place, part) in parts.enumerated() where place % 2 == 1 {
                #expect(!part.contains { "<`%{|[(".contains($0) })
            }
        }
    }
}
