/// Writes a laid out graph as SVG.
struct GraphPainter {
    let outline: GraphOutline
    let overlay: RunOverlay?
    /// The nodes that the graph lies in.
    let path: [String]

    func paint(_ layout: OutlineLayout, at origin: Point, in text: inout SVGText) {
        text.add("<g transform=\"translate(\(SVGText.number(origin.x)) \(SVGText.number(origin.y)))\">")
        for frame in layout.frames { paint(frame, in: &text) }
        for line in layout.lines where line.edge.kind == .forward { paint(line, in: &text) }
        for line in layout.lines where line.edge.kind != .forward { paint(line, in: &text) }
        for line in layout.lines { paintLabel(line, in: &text) }
        for mark in layout.marks { paint(mark, in: &text) }
        for box in layout.boxes { paint(box, in: &text) }
        for relation in OutlineMap(outline).relations { paint(relation, layout, in: &text) }
        text.add("</g>")
    }

    /// A dotted bow from the side of one box to the side of the other.
    private func paint(_ relation: OutlineMap.Relation, _ layout: OutlineLayout, in text: inout SVGText) {
        guard let source = layout.boxes.first(where: { $0.node == relation.source })?.frame,
            let target = layout.boxes.first(where: { $0.node == relation.target })?.frame
        else { return }
        let shift = target.x + target.width / 2 - source.x - source.width / 2
        let (isRight, isBelow) = (shift >= 0, abs(shift) < 1)
        let start = Point(x: isRight ? source.x + source.width : source.x, y: source.y + source.height / 2)
        let end = Point(
            x: isRight == isBelow ? target.x + target.width : target.x, y: target.y + target.height / 2)
        let bow = (isRight ? 1 : -1) * max(18, abs(end.x - start.x) / 2)
        let turn = isBelow ? bow : -bow
        let strokes: [Stroke] = [
            .move(start), .curve(Point(x: start.x + bow, y: start.y), Point(x: end.x + turn, y: end.y), end),
        ]
        let words =
            "\(outline.nodes[relation.source].id) \(relation.kind.rawValue) \(outline.nodes[relation.target].id)"
        text.add("<g><title>\(MarkupText.xml(words))</title>")
        text.path("r", SVGText.data(strokes))
        text.circle("tie", end, radius: 3)
        let middle = Point(x: (start.x + end.x) / 2 + (bow + turn) * 3 / 8, y: (start.y + end.y) / 2 - 4)
        text.label("case", relation.words, x: middle.x, y: middle.y)
        text.add("</g>")
    }

    private func paint(_ frame: OutlineLayout.Frame, in text: inout SVGText) {
        text.add("<g><title>\(MarkupText.xml("loop of " + outline.nodes[frame.header].id))</title>")
        text.rect("loop", frame.frame, radius: 12)
        let rounds = overlay?.nodes[path + [outline.nodes[frame.header].id]]?.runs.count ?? 0
        let words = rounds > 1 ? "loop ×" + DurationText.grouped(rounds) : "loop"
        text.label("loopname", words, x: frame.frame.x + 11, y: frame.frame.y + 16)
        text.add("</g>")
    }

    private func paint(_ line: OutlineLayout.Line, in text: inout SVGText) {
        let name = line.edge.kind.rawValue + (isSkipped(line.edge) ? " dim" : "")
        text.path("e \(name)", SVGText.data(Self.shortened(line)))
        guard let tip = line.tip else { return }
        let (x, y) = (tip.point.x, tip.point.y)
        let base: [Point]
        switch tip.direction {
        case .down: base = [Point(x: x - 4, y: y - 8), Point(x: x + 4, y: y - 8)]
        case .left: base = [Point(x: x + 8, y: y - 4), Point(x: x + 8, y: y + 4)]
        case .right: base = [Point(x: x - 8, y: y - 4), Point(x: x - 8, y: y + 4)]
        }
        text.polygon("a \(name)", [tip.point] + base)
    }

    /// Whether a node at either end was skipped, so that nothing can have come along.
    private func isSkipped(_ edge: OutlineMap.Edge) -> Bool {
        [edge.source, edge.target].contains { end in
            end.map { overlay?.nodes[path + [outline.nodes[$0].id]]?.status == .skipped } == true
        }
    }

    /// Ends the line inside of the arrow's head, so that its end does not show beside the point.
    private static func shortened(_ line: OutlineLayout.Line) -> [Stroke] {
        guard let tip = line.tip, let last = line.strokes.last else { return line.strokes }
        var end = tip.point
        switch tip.direction {
        case .down: end.y -= 5
        case .left: end.x += 5
        case .right: end.x -= 5
        }
        let stroke: Stroke
        switch last {
        case .move: stroke = .move(end)
        case .line: stroke = .line(end)
        case .curve(let first, let second, _): stroke = .curve(first, second, end)
        }
        return line.strokes.dropLast() + [stroke]
    }

    private func paintLabel(_ line: OutlineLayout.Line, in text: inout SVGText) {
        guard let frame = line.labelFrame else { return }
        text.add("<g class=\"l \(line.edge.kind.rawValue)\">")
        text.add("<title>\(MarkupText.xml(line.labels.joined(separator: ", ")))</title>")
        text.rect("pill", frame, radius: 5)
        for (index, words) in EdgeLabel(line.labels).lines.enumerated() {
            let y = frame.y + 2 + Double(index) * EdgeLabel.line + 10.5
            text.label("case", words, x: frame.x + frame.width / 2, y: y)
        }
        text.add("</g>")
    }

    private func paint(_ mark: OutlineLayout.Mark, in text: inout SVGText) {
        let name: String
        switch mark.kind {
        case .start: name = "start"
        case .end: name = "end of the path"
        case .finish: name = "end of the graph"
        }
        text.add("<g><title>\(name)</title>")
        switch mark.kind {
        case .start: text.circle("start", mark.center, radius: 7)
        case .end: text.circle("end", mark.center, radius: 6.5)
        case .finish:
            text.circle("end", mark.center, radius: 8)
            text.circle("start", mark.center, radius: 4.5)
        }
        text.add("</g>")
    }

    private func paint(_ box: OutlineLayout.Box, in text: inout SVGText) {
        let node = outline.nodes[box.node]
        let path = path + [node.id]
        let record = overlay?.nodes[path]
        let status = record.map { " s-\($0.status.rawValue)" } ?? ""
        var title = path.joined(separator: " / ")
        if let words = box.content.caption { title += " (\(words))" }
        if let note = box.content.note, !note.isEmpty { title += ": " + note }
        text.add("<g class=\"n\(status)\"><title>\(MarkupText.xml(title))</title>")
        NodeShape(box).paint(in: &text)
        NodeShape(box).paintText(in: &text)
        if node.exit == .route || node.exit == .select {
            let (x, y) = (box.frame.x + box.frame.width / 2, box.frame.y + box.frame.height)
            let corners = [(0.0, -5.0), (5, 0), (0, 5), (-5, 0)].map { Point(x: x + $0.0, y: y + $0.1) }
            text.polygon(node.exit == .route ? "route" : "select", corners)
        }
        if let record {
            let corner = Point(x: box.frame.x + box.frame.width - 4, y: box.frame.y + 3)
            StatusBadge(status: record.status).paint(at: corner, in: &text)
        }
        text.add("</g>")
        for (index, layout) in box.content.inner.enumerated() {
            let origin = box.content.innerOrigins[index].moved(by: Point(x: box.frame.x, y: box.frame.y))
            GraphPainter(outline: node.inner[index], overlay: overlay, path: path).paint(layout, at: origin, in: &text)
        }
    }
}
