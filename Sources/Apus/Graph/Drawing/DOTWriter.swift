/// Writes an outline in DOT.
struct DOTWriter {
    let overlay: RunOverlay?
    private(set) var text = ""
    private let palette = DrawingPalette.light

    init(overlay: RunOverlay?) { self.overlay = overlay }

    mutating func write(_ outline: GraphOutline) {
        let name = MarkupText.dot(outline.name)
        text += "digraph \"\(name)\" {\n"
        text += "    graph [compound=true, fontname=\"Helvetica\", label=\"\(name)\", labelloc=t, labeljust=l]\n"
        text += "    node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=12, "
        text += "fillcolor=\"\(palette.box)\", color=\"\(palette.border)\", fontcolor=\"\(palette.text)\"]\n"
        text += "    edge [fontname=\"Helvetica\", fontsize=10, color=\"\(palette.edge)\", "
        text += "fontcolor=\"\(palette.muted)\"]\n"
        body(outline, .root, [], "    ")
        text += "}\n"
    }

    private mutating func body(_ outline: GraphOutline, _ naming: OutlineNaming, _ path: [String], _ indent: String) {
        let map = OutlineMap(outline)
        if map.edges.contains(where: { $0.source == nil }) || outline.nodes.isEmpty {
            text += "\(indent)\(naming.start) [shape=circle, label=\"\", width=0.16, fillcolor=\"\(palette.text)\"]\n"
        }
        members(of: 0, map, outline, naming, path, indent)
        for finish in [false, true]
        where map.edges.contains(where: { $0.target == nil && $0.finishes == finish }) {
            let shape = finish ? "doublecircle" : "circle"
            let fill = finish ? palette.text : palette.background
            text += "\(indent)\(naming.end(finish: finish)) [shape=\(shape), label=\"\", width=0.16, "
            text += "fillcolor=\"\(fill)\", color=\"\(palette.text)\"]\n"
        }
        for edge in map.edges { write(edge, outline, naming, indent) }
        for relation in map.relations { write(relation, outline, naming, indent) }
    }

    private mutating func write(
        _ relation: OutlineMap.Relation, _ outline: GraphOutline, _ naming: OutlineNaming, _ indent: String
    ) {
        let (source, target) = (relation.source, relation.target)
        let from = Self.anchor(of: outline.nodes[source], source, naming, isEntry: false)
        let to = Self.anchor(of: outline.nodes[target], target, naming, isEntry: true)
        text += "\(indent)\(from) -> \(to) [label=\"\(MarkupText.dot(relation.words))\", style=dotted, "
        text += "arrowhead=odot, constraint=false, color=\"\(palette.muted)\"]\n"
    }

    private mutating func members(
        of cluster: Int, _ map: OutlineMap, _ outline: GraphOutline, _ naming: OutlineNaming, _ path: [String],
        _ indent: String
    ) {
        for member in map.clusters[cluster].members {
            switch member {
            case .node(let node): write(node, outline, naming, path, indent)
            case .cluster(let inner):
                open(
                    naming.loop(inner), "loop",
                    "style=rounded, color=\"\(palette.back)\", fontcolor=\"\(palette.back)\"", indent)
                members(of: inner, map, outline, naming, path, indent + "    ")
                text += "\(indent)}\n"
            }
        }
    }

    private mutating func open(_ name: String, _ label: String, _ style: String, _ indent: String) {
        text += "\(indent)subgraph \"cluster_\(name)\" {\n"
        text += "\(indent)    graph [label=\"\(label)\", fontsize=10, \(style)]\n"
    }

    private mutating func write(
        _ position: Int, _ outline: GraphOutline, _ naming: OutlineNaming, _ path: [String], _ indent: String
    ) {
        let node = outline.nodes[position]
        let path = path + [node.id]
        let words = [MarkupText.dot(node.id), node.kind.words, overlay?.summary(of: path)]
        let label = words.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "\\n")
        let status = overlay?.nodes[path]?.status
        let colours = palette.statuses.first { $0.status == status }
        let colour = colours.map { ", color=\"\($0.stroke)\", fillcolor=\"\($0.fill)\"" } ?? ""
        guard !node.inner.isEmpty else {
            let dashes = status == .skipped ? ", style=\"rounded,filled,dashed\"" : Self.shape(node.kind).style
            text += "\(indent)\(naming.node(position)) [label=\"\(label)\", shape=\(Self.shape(node.kind).name)"
            text += "\(dashes)\(colour)]\n"
            return
        }
        let style = status == .skipped ? "rounded,dashed" : "rounded,filled"
        let fill = colours == nil ? ", color=\"\(palette.border)\", fillcolor=\"\(palette.box)\"" : colour
        open(naming.node(position), label, "style=\"\(style)\"\(fill)", indent)
        for (graph, inner) in node.inner.enumerated() {
            let isOnly = node.inner.count == 1
            if !isOnly {
                open(naming.group(position, graph), MarkupText.dot(inner.name), "style=rounded", indent + "    ")
            }
            body(inner, naming.inner(position, graph), path, indent + (isOnly ? "    " : "        "))
            if !isOnly { text += "\(indent)    }\n" }
        }
        text += "\(indent)}\n"
    }

    private mutating func write(
        _ edge: OutlineMap.Edge, _ outline: GraphOutline, _ naming: OutlineNaming, _ indent: String
    ) {
        var attributes: [String] = []
        var source = naming.start
        var target = naming.end(finish: edge.finishes)
        if let node = edge.source {
            source = Self.anchor(of: outline.nodes[node], node, naming, isEntry: false)
            if !outline.nodes[node].inner.isEmpty { attributes.append("ltail=\"cluster_\(naming.node(node))\"") }
        }
        if let node = edge.target {
            target = Self.anchor(of: outline.nodes[node], node, naming, isEntry: true)
            if !outline.nodes[node].inner.isEmpty { attributes.append("lhead=\"cluster_\(naming.node(node))\"") }
        }
        if let label = edge.label { attributes.append("label=\"\(MarkupText.dot(label))\"") }
        switch edge.kind {
        case .forward: break
        case .back:
            attributes.append(
                "color=\"\(palette.back)\", fontcolor=\"\(palette.back)\", penwidth=1.5, constraint=false")
        case .failure:
            attributes.append("color=\"\(palette.failure)\", fontcolor=\"\(palette.failure)\", style=dashed")
        }
        let list = attributes.isEmpty ? "" : " [\(attributes.joined(separator: ", "))]"
        text += "\(indent)\(source) -> \(target)\(list)\n"
    }

    /// The innermost thing at which an edge to or from a cluster can be tied, since DOT has none to the cluster itself.
    private static func anchor(
        of node: NodeOutline, _ position: Int, _ naming: OutlineNaming, isEntry: Bool
    ) -> String {
        guard let inner = isEntry ? node.inner.first : node.inner.last else { return naming.node(position) }
        let naming = naming.inner(position, isEntry ? 0 : node.inner.count - 1)
        let place = isEntry ? inner.nodes.indices.first : inner.nodes.indices.last
        guard let place else { return naming.start }
        return anchor(of: inner.nodes[place], place, naming, isEntry: isEntry)
    }

    private static func shape(_ kind: NodeOutline.Kind) -> (name: String, style: String) {
        switch kind {
        case .node: ("box", "")
        case .forEach: ("box3d", ", style=filled")
        case .race: ("hexagon", ", style=filled")
        case .quorum: ("octagon", ", style=filled")
        case .loop: ("oval", ", style=filled")
        case .subgraph: ("component", ", style=filled")
        case .zip: ("invtrapezium", ", style=filled")
        }
    }
}
