extension GraphOutline {
    /// The graph as a picture: one SVG document that needs nothing else, neither fonts nor scripts.
    ///
    /// Forward edges run downwards, edges back to a loop's header run up at its right, `onFailure` edges are red and
    /// dashed. Loops and graphs within nodes are framed. The same outline gives the same text, byte for byte. Time and
    /// text grow all but in proportion to nodes, edges and the nodes that loops list.
    ///
    /// - Parameter overlay: a run whose course is drawn over the graph.
    public func svg(overlay: RunOverlay? = nil, style: DrawingStyle = DrawingStyle()) -> String {
        let layout = OutlineLayout(self) { overlay?.summary(of: $0) }
        let margin = 20.0
        let title = MarkupText.plain(name)
        let header = style.showsTitle ? 34.0 : 0
        let titleLine = GlyphWidths.lines(of: title, size: 15, width: 600, limit: 1)[0]
        let titleWidth = style.showsTitle ? GlyphWidths.width(of: titleLine, size: 15) + 90 : 0
        let width = max(layout.extent.width, titleWidth) + 2 * margin
        let height = layout.extent.height + header + 2 * margin
        var text = SVGText()
        text.open(
            width: width, height: height, title: title, description: description(overlay),
            sheet: GraphSheet.text(style), style: style)
        if style.showsTitle {
            text.label("title", titleLine, x: margin, y: margin + 13)
            if let status = overlay?.status {
                let x = margin + GlyphWidths.width(of: titleLine, size: 15) + 10
                text.label("run s-\(status.rawValue)", status.words, x: x, y: margin + 13)
            }
        }
        let origin = Point(x: (width - layout.extent.width) / 2, y: margin + header)
        GraphPainter(outline: self, overlay: overlay, path: []).paint(layout, at: origin, in: &text)
        text.add("</svg>")
        return text.text
    }

    private func description(_ overlay: RunOverlay?) -> String {
        func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
        var parts = [counted(nodes.count, "node"), counted(edges.count, "edge"), counted(loops.count, "loop")]
        if let status = overlay?.status { parts.append("run \(status.words)") }
        return parts.joined(separator: ", ")
    }
}
