/// Writes an outline as a Mermaid flowchart.
struct MermaidWriter {
    let overlay: RunOverlay?
    private(set) var text = ""
    private var links = 0
    private var backLinks: [Int] = []
    private var failureLinks: [Int] = []

    init(overlay: RunOverlay?) { self.overlay = overlay }

    mutating func write(_ outline: GraphOutline) {
        if !outline.name.isEmpty { text += "---\ntitle: \"\(MarkupText.yaml(outline.name))\"\n---\n" }
        text += "flowchart TB\n"
        body(outline, .root, [], "    ")
        let palette = DrawingPalette.light
        text += "    classDef mark fill:\(palette.text),stroke:\(palette.text)\n"
        for entry in palette.statuses where overlay != nil {
            let dashes = entry.status == .skipped ? ",stroke-dasharray:4 3" : ""
            text += "    classDef \(entry.status.rawValue) "
            text += "fill:\(entry.fill),stroke:\(entry.stroke),color:\(palette.text)\(dashes)\n"
        }
        style(backLinks, "stroke:\(palette.back)")
        style(failureLinks, "stroke:\(palette.failure)")
    }

    private mutating func style(_ links: [Int], _ style: String) {
        guard !links.isEmpty else { return }
        text += "    linkStyle \(links.map(String.init).joined(separator: ",")) \(style)\n"
    }

    private mutating func body(_ outline: GraphOutline, _ naming: OutlineNaming, _ path: [String], _ indent: String) {
        let map = OutlineMap(outline)
        if map.edges.contains(where: { $0.source == nil }) || outline.nodes.isEmpty {
            text += "\(indent)\(naming.start)((\"#32;\")):::mark\n"
        }
        members(of: 0, map, outline, naming, path, indent)
        for finish in [false, true]
        where map.edges.contains(where: { $0.target == nil && $0.finishes == finish }) {
            text += "\(indent)\(naming.end(finish: finish))(((\"#32;\")))\(finish ? ":::mark" : "")\n"
        }
        for edge in map.edges { write(edge, outline, naming, indent) }
        for relation in map.relations {
            let words = MarkupText.mermaid(relation.words)
            text += "\(indent)\(naming.node(relation.source)) -.-o|\"\(words)\"| \(naming.node(relation.target))\n"
            links += 1
        }
    }

    private mutating func members(
        of cluster: Int, _ map: OutlineMap, _ outline: GraphOutline, _ naming: OutlineNaming, _ path: [String],
        _ indent: String
    ) {
        for member in map.clusters[cluster].members {
            switch member {
            case .node(let node): write(node, outline, naming, path, indent)
            case .cluster(let inner):
                text += "\(indent)subgraph \(naming.loop(inner))[\"loop\"]\n"
                members(of: inner, map, outline, naming, path, indent + "    ")
                text += "\(indent)end\n"
            }
        }
    }

    private mutating func write(
        _ position: Int, _ outline: GraphOutline, _ naming: OutlineNaming, _ path: [String], _ indent: String
    ) {
        let node = outline.nodes[position]
        let path = path + [node.id]
        let name = naming.node(position)
        let words = [MarkupText.mermaid(node.id), node.kind.words, overlay?.summary(of: path)]
        let label = "\"" + words.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "<br/>") + "\""
        let status = overlay?.nodes[path]?.status.rawValue
        guard !node.inner.isEmpty else {
            let (open, close) = Self.shape(node.kind)
            text += "\(indent)\(name)\(open)\(label)\(close)\(status.map { ":::" + $0 } ?? "")\n"
            return
        }
        text += "\(indent)subgraph \(name)[\(label)]\n"
        for (graph, inner) in node.inner.enumerated() {
            let isOnly = node.inner.count == 1
            if !isOnly {
                text +=
                    "\(indent)    subgraph \(naming.group(position, graph))[\"\(MarkupText.mermaid(inner.name))\"]\n"
            }
            body(inner, naming.inner(position, graph), path, indent + (isOnly ? "    " : "        "))
            if !isOnly { text += "\(indent)    end\n" }
        }
        text += "\(indent)end\n"
        if let status { text += "\(indent)class \(name) \(status)\n" }
    }

    private mutating func write(
        _ edge: OutlineMap.Edge, _ outline: GraphOutline, _ naming: OutlineNaming, _ indent: String
    ) {
        let source = edge.source.map(naming.node) ?? naming.start
        let target = edge.target.map(naming.node) ?? naming.end(finish: edge.finishes)
        let label = edge.label.map { "|\"\(MarkupText.mermaid($0))\"|" } ?? ""
        let arrow: String
        switch edge.kind {
        case .forward: arrow = "-->"
        case .back:
            arrow = "==>"
            backLinks.append(links)
        case .failure:
            arrow = "-.->"
            failureLinks.append(links)
        }
        text += "\(indent)\(source) \(arrow)\(label) \(target)\n"
        links += 1
    }

    private static func shape(_ kind: NodeOutline.Kind) -> (open: String, close: String) {
        switch kind {
        case .node: ("[", "]")
        case .forEach: ("[/", "/]")
        case .race: ("{{", "}}")
        case .quorum: ("{{", "}}")
        case .loop: ("([", "])")
        case .subgraph: ("[[", "]]")
        case .zip: ("[\\", "/]")
        }
    }
}
