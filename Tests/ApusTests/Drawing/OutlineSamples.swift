import Apus

extension GraphOutline {
    /// A route, an element-wise composite, a failure handler and a join.
    static let overdue = GraphOutline(
        name: "overdue-orders",
        nodes: [
            NodeOutline(id: "fetch", exit: .route), NodeOutline(id: "decide", kind: .forEach),
            NodeOutline(id: "record", exit: .finish), NodeOutline(id: "mend"),
        ],
        edges: [
            EdgeOutline(from: nil, to: "fetch"), EdgeOutline(from: "fetch", to: "decide", label: "some"),
            EdgeOutline(from: "fetch", to: "record", label: "none"), EdgeOutline(from: "decide", to: "record"),
            EdgeOutline(from: "fetch", to: "mend", kind: .failure), EdgeOutline(from: "mend", to: nil),
            EdgeOutline(from: "record", to: nil),
        ], loops: [])

    /// A loop around two nodes, and a graph within a node.
    static let drafting = GraphOutline(
        name: "drafting",
        nodes: [
            NodeOutline(id: "write"), NodeOutline(id: "judge", exit: .route),
            NodeOutline(
                id: "publish", kind: .subgraph,
                inner: [
                    GraphOutline(
                        name: "inner", nodes: [NodeOutline(id: "write")],
                        edges: [EdgeOutline(from: nil, to: "write"), EdgeOutline(from: "write", to: nil)], loops: [])
                ]),
        ],
        edges: [
            EdgeOutline(from: nil, to: "write"), EdgeOutline(from: "write", to: "judge"),
            EdgeOutline(from: "judge", to: "write", kind: .back, label: "again"),
            EdgeOutline(from: "judge", to: "publish", label: "good"), EdgeOutline(from: "publish", to: nil),
        ], loops: [LoopOutline(header: "write", nodes: ["write", "judge"])])

    /// What the outline looks like when every name is hostile to some format.
    static let hostileNames = [
        "end", "a\"b", "x]y[z", "<script>alert(1)</script>", "line\nbreak", "日本語 🐦", "\\", "\\N\\\"", "#quot;", "`md`",
        "&amp;", "%%{init: {}}%%", "a|b", "", " ", "subgraph", "style:#1;", "\u{0}\u{1F}\u{FFFE}", "]]>", "<!--",
        "1. list", "}", "\u{202E}rtl", "'\" onload=\"x()", "e\u{0301}\u{0301}\u{0301}", "a\r\n\tb",
        String(repeating: "long ", count: 200), String(repeating: "x", count: 500), "$$x$$", "{{a}}",
        "a direction TB b", "direction\u{A0}LR", "🏳️‍🌈",
    ]
}
