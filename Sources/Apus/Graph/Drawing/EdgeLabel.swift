/// The text at an edge: one line a case, as many as can be read.
struct EdgeLabel {
    let lines: [String]

    static let size = 11.0
    static let line = 14.0
    private static let limit = 5

    init(_ labels: [String]) {
        var lines = labels.prefix(labels.count > Self.limit ? Self.limit - 1 : Self.limit).map {
            GlyphWidths.lines(of: MarkupText.plain($0), size: Self.size, width: 150, limit: 1)[0]
        }
        if labels.count > Self.limit { lines.append("+\(labels.count - lines.count) more") }
        self.lines = lines
    }

    /// The room it takes, or `nil` where there is nothing to say.
    var extent: Extent? {
        guard let width = lines.map({ GlyphWidths.width(of: $0, size: Self.size) }).max() else { return nil }
        return Extent(width: width + 12, height: Double(lines.count) * Self.line + 4)
    }
}
