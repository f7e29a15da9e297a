/// The outline of a node's box, one a kind, and the words in it.
struct NodeShape {
    private let box: OutlineLayout.Box
    private var frame: Rect { box.frame }

    init(_ box: OutlineLayout.Box) { self.box = box }

    func paint(in text: inout SVGText) {
        guard box.content.inner.isEmpty else {
            text.rect("b group", frame, radius: 10)
            return
        }
        let (left, right, top, bottom) = (frame.x, frame.x + frame.width, frame.y, frame.y + frame.height)
        let middle = (top + bottom) / 2
        let inset = box.content.inset
        switch box.content.kind {
        case .node: text.rect("b", frame, radius: 8)
        case .forEach:
            for shift in [4.0, 2.0] {
                text.rect("b", frame.moved(by: Point(x: shift, y: shift)), radius: 8)
            }
            text.rect("b", frame, radius: 8)
        case .loop: text.rect("b", frame, radius: frame.height / 2)
        case .subgraph:
            text.rect("b", frame, radius: 3)
            text.path(
                "bar",
                SVGText.data([
                    .move(Point(x: left + inset, y: top)), .line(Point(x: left + inset, y: bottom)),
                    .move(Point(x: right - inset, y: top)), .line(Point(x: right - inset, y: bottom)),
                ]))
        case .race:
            polygon(
                [
                    (left + inset, top), (right - inset, top), (right, middle), (right - inset, bottom),
                    (left + inset, bottom), (left, middle),
                ], in: &text)
        case .quorum:
            polygon(
                [
                    (left + inset, top), (right - inset, top), (right, top + inset), (right, bottom - inset),
                    (right - inset, bottom), (left + inset, bottom), (left, bottom - inset), (left, top + inset),
                ], in: &text)
        case .zip:
            polygon([(left, top), (right, top), (right - inset, bottom), (left + inset, bottom)], in: &text)
        }
    }

    func paintText(in text: inout SVGText) {
        let content = box.content
        let x = frame.x + frame.width / 2
        var y = frame.y + 9
        if let caption = content.caption {
            text.label("kind", caption, x: x, y: y + 8)
            y += BoxContent.captionLine
        }
        for line in content.name {
            text.label("name", line, x: x, y: y + 13)
            y += BoxContent.nameLine
        }
        if let note = content.note { text.label("note", note, x: x, y: y + 11) }
    }

    private func polygon(_ corners: [(Double, Double)], in text: inout SVGText) {
        text.polygon("b", corners.map { Point(x: $0.0, y: $0.1) })
    }
}
