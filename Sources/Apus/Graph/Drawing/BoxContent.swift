/// What stands in the box of a node, and how large the box must be for it.
struct BoxContent: Sendable {
    var kind: NodeOutline.Kind
    /// The node's name in lines, shortened where it is very long.
    var name: [String]
    /// The kind in words, where the shape alone would not say it.
    var caption: String?
    /// What a run made of the node.
    var note: String?
    /// The graphs inside, side by side.
    var inner: [OutlineLayout]
    private(set) var extent = Extent(width: 0, height: 0)
    /// Where the graphs inside begin, measured from the box.
    private(set) var innerOrigins: [Point] = []

    static let nameSize = 13.0
    static let captionSize = 10.0
    static let noteSize = 10.5
    static let nameLine = 17.0
    static let captionLine = 13.0
    static let noteLine = 15.0

    init(_ node: NodeOutline, note: String?, inner: [OutlineLayout]) {
        kind = node.kind
        name = GlyphWidths.lines(of: MarkupText.plain(node.id), size: Self.nameSize, width: 190, limit: 3)
        caption = node.kind.words
        self.note = note
        self.inner = inner
        let text = textExtent
        guard !inner.isEmpty else {
            extent = Extent(width: max(64, text.width + 28 + 2 * inset), height: text.height + 18)
            return
        }
        var x = 14.0
        for layout in inner {
            innerOrigins.append(Point(x: x, y: text.height + 18))
            x += layout.extent.width + 14
        }
        let width = max(x, text.width + 28)
        innerOrigins = innerOrigins.map { $0.moved(by: Point(x: (width - x) / 2, y: 0)) }
        let height = inner.map(\.extent.height).max() ?? 0
        extent = Extent(width: width, height: text.height + 18 + height + 12)
    }

    /// How far the sides of the shape bend inwards.
    var inset: Double {
        switch kind {
        case .node, .forEach: 0
        case .subgraph: inner.isEmpty ? 6 : 0
        case .race, .quorum, .zip, .loop: inner.isEmpty ? 10 : 0
        }
    }

    private var textExtent: Extent {
        var width = name.map { GlyphWidths.width(of: $0, size: Self.nameSize) }.max() ?? 0
        var height = Double(name.count) * Self.nameLine
        if let caption {
            width = max(width, GlyphWidths.width(of: caption, size: Self.captionSize))
            height += Self.captionLine
        }
        if let note {
            width = max(width, GlyphWidths.width(of: note, size: Self.noteSize))
            height += Self.noteLine
        }
        return Extent(width: width, height: height)
    }
}

extension NodeOutline.Kind {
    /// The kind as a caption; a plain node has none.
    var words: String? {
        switch self {
        case .node: nil
        case .forEach: "for each"
        case .race: "race"
        case .quorum: "quorum"
        case .loop: "loop"
        case .subgraph: "subgraph"
        case .zip: "zip"
        }
    }
}
