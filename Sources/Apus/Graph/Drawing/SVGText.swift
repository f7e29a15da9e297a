/// The text of an SVG document while it is written.
struct SVGText {
    private(set) var text = ""

    mutating func add(_ markup: String) {
        text += markup
        text += "\n"
    }

    mutating func open(
        width: Double, height: Double, title: String, description: String, sheet: String, style: DrawingStyle
    ) {
        let size = "width=\"\(Self.number(width))\" height=\"\(Self.number(height))\""
        let box = "viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\""
        add(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) \(box) class=\"apus-\(style.appearance.rawValue)\" "
                + "role=\"img\" aria-label=\"\(MarkupText.xml(title))\">")
        add("<title>\(MarkupText.xml(title))</title>")
        add("<desc>\(MarkupText.xml(description))</desc>")
        add("<style>\n\(sheet)\n</style>")
        add("<rect class=\"bg\" width=\"100%\" height=\"100%\"/>")
    }

    mutating func rect(_ name: String, _ rect: Rect, radius: Double = 0) {
        let place = "x=\"\(Self.number(rect.x))\" y=\"\(Self.number(rect.y))\""
        let size = "width=\"\(Self.number(rect.width))\" height=\"\(Self.number(rect.height))\""
        let round = radius > 0 ? " rx=\"\(Self.number(radius))\"" : ""
        add("<rect class=\"\(name)\" \(place) \(size)\(round)/>")
    }

    mutating func label(_ name: String, _ text: String, x: Double, y: Double) {
        add(
            "<text class=\"\(name)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\">\(MarkupText.xml(text))</text>")
    }

    mutating func circle(_ name: String, _ center: Point, radius: Double) {
        let place = "cx=\"\(Self.number(center.x))\" cy=\"\(Self.number(center.y))\""
        add("<circle class=\"\(name)\" \(place) r=\"\(Self.number(radius))\"/>")
    }

    mutating func path(_ name: String, _ data: String) { add("<path class=\"\(name)\" d=\"\(data)\"/>") }

    mutating func polygon(_ name: String, _ corners: [Point]) {
        path(name, "M" + corners.map(Self.point).joined(separator: "L") + "Z")
    }

    static func point(_ point: Point) -> String { number(point.x) + " " + number(point.y) }

    static func number(_ value: Double) -> String { DurationText.number(value, digits: 1) }

    static func data(_ strokes: [Stroke]) -> String {
        strokes.map { stroke in
            switch stroke {
            case .move(let end): "M" + point(end)
            case .line(let end): "L" + point(end)
            case .curve(let first, let second, let end): "C" + [first, second, end].map(point).joined(separator: " ")
            }
        }.joined()
    }
}
