/// The day as one picture, in SVG.
struct Dashboard {
    private let report: DayReport
    private var body = ""
    private let left = 70.0
    private let width = 860.0

    private static let ink = "#1f2933"
    private static let pale = "#7b8794"
    private static let colours = (new: "#3b7dd8", closed: "#9cc4f2", good: "#3a9d6e", bad: "#d64545", kept: "#e8a33d")
    private static let states = [
        "closed": "#3a9d6e", "halfOpen": "#e8a33d", "open": "#d64545", "normal": "#d5ede2", "reduced": "#f7e3bd",
        "limited": "#f0a868", "critical": "#d64545", "maintenance": "#8a1f1f",
    ]

    init(_ report: DayReport) { self.report = report }

    mutating func svg() -> String {
        body = ""
        text(20, 34, report.title, size: 20, weight: "600")
        figures()
        chart(
            top: 130, "Requests an hour", [("new", Self.colours.new), ("closed", Self.colours.closed)], isStacked: false
        ) { [$0.opened, $0.closed] }
        chart(
            top: 320, "Notices an hour", [("told", Self.colours.good), ("kept for later", Self.colours.kept)],
            isStacked: true
        ) { [$0.told, $0.kept] }
        chart(
            top: 510, "Calls of the webhook an hour",
            [("answered", Self.colours.good), ("failed", Self.colours.bad)], isStacked: true
        ) { [$0.answered, $0.failed] }
        strip(top: 700, "Circuit", report.breaker)
        strip(top: 740, "Level", report.levels)
        let height = table(top: 810)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 \(Int(height))" font-family="system-ui, sans-serif">
            <rect width="960" height="\(Int(height))" fill="#ffffff"/>
            \(body)</svg>

            """
    }

    /// The sums of the day, side by side.
    private mutating func figures() {
        let total = report.total
        let figures = [
            (total.opened, "requests came"), (total.closed, "were closed"), (total.wanted, "notices wanted"),
            (total.told, "told"), (total.kept, "times kept"), (total.failed, "calls failed"),
            (report.problems.count, "problems"),
        ]
        for (place, (number, name)) in figures.enumerated() {
            let x = 20 + Double(place) * 132
            text(x, 78, "\(number)", size: 26, weight: "600")
            text(x, 98, name, size: 12, colour: Self.pale)
        }
    }

    private mutating func chart(
        top: Double, _ title: String, _ series: [(name: String, colour: String)], isStacked: Bool,
        _ values: (DayReport.Hour) -> [Int]
    ) {
        let (height, base) = (120.0, top + 150)
        text(20, top + 10, title, size: 14, weight: "600")
        for (place, one) in series.enumerated() {
            let x = 300 + Double(place) * 140
            rect(x, top, 10, 10, one.colour)
            text(x + 16, top + 10, one.name, size: 12, colour: Self.pale)
        }
        let rows = report.hours.map(values)
        let most = max(1, rows.map { isStacked ? $0.reduce(0, +) : $0.max() ?? 0 }.max() ?? 1)
        line(left, base, left + width, base)
        text(left - 8, base, "0", size: 11, colour: Self.pale, anchor: "end")
        text(left - 8, base - height + 4, "\(most)", size: 11, colour: Self.pale, anchor: "end")
        line(left, base - height, left + width, base - height, isFaint: true)
        let step = width / Double(rows.count)
        for (hour, row) in rows.enumerated() {
            let x = left + Double(hour) * step
            var under = 0.0
            for (place, value) in row.enumerated() where value > 0 {
                let tall = height * Double(value) / Double(most)
                let wide = isStacked ? step * 0.7 : step * 0.4
                let at = isStacked ? x + step * 0.15 : x + step * (0.1 + 0.4 * Double(place))
                rect(at, base - under - tall, wide, tall, series[place].colour)
                if isStacked { under += tall }
            }
            if hour % max(1, rows.count / 12) == 0 {
                text(x + step / 2, base + 16, "\(hour % 24)", size: 11, colour: Self.pale, anchor: "middle")
            }
        }
    }

    /// States over time as a band.
    private mutating func strip(top: Double, _ title: String, _ spans: [DayReport.Span]) {
        text(left - 8, top + 16, title, size: 12, anchor: "end")
        let scale = width / Double(max(1, report.hours.count))
        for span in spans {
            let (x, wide) = (left + span.from * scale, max(1, (span.to - span.from) * scale))
            rect(
                x, top, wide, 24, Self.states[span.name] ?? Self.pale,
                title: "\(report.clock(span.from)) \(span.name) \(span.reason)")
            if wide > 60 { text(x + 6, top + 16, span.name, size: 11) }
        }
    }

    /// Returns where it ends.
    private mutating func table(top: Double) -> Double {
        let columns = [
            ("Agency", 20.0), ("new", 200), ("closed", 300), ("told", 400), ("kept", 500), ("longest wait", 640),
        ]
        for (name, x) in columns { text(x, top, name, size: 12, colour: Self.pale, anchor: x == 20 ? "start" : "end") }
        var y = top + 22
        for (name, row) in report.agencies.prefix(12) {
            let cells = [
                name, "\(row.opened)", "\(row.closed)", "\(row.told)", "\(row.kept)",
                "\(row.longestWait.components.seconds / 60) min",
            ]
            for (cell, column) in zip(cells, columns) {
                text(column.1, y, cell, size: 13, anchor: column.1 == 20 ? "start" : "end")
            }
            y += 20
        }
        return y + 10
    }
}

extension Dashboard {
    private mutating func text(
        _ x: Double, _ y: Double, _ content: String, size: Int, weight: String = "400", colour: String = Self.ink,
        anchor: String = "start"
    ) {
        body += """
            <text x="\(number(x))" y="\(number(y))" font-size="\(size)" font-weight="\(weight)" fill="\(colour)" \
            text-anchor="\(anchor)">\(escaped(content))</text>

            """
    }

    private mutating func rect(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ colour: String, title: String = ""
    ) {
        let tip = title.isEmpty ? "" : "<title>\(escaped(title))</title>"
        body += """
            <rect x="\(number(x))" y="\(number(y))" width="\(number(width))" height="\(number(height))" \
            fill="\(colour)">\(tip)</rect>

            """
    }

    private mutating func line(_ x: Double, _ y: Double, _ otherX: Double, _ otherY: Double, isFaint: Bool = false) {
        body += """
            <line x1="\(number(x))" y1="\(number(y))" x2="\(number(otherX))" y2="\(number(otherY))" \
            stroke="\(isFaint ? "#e4e7eb" : "#9aa5b1")" stroke-width="1"/>

            """
    }

    private func number(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}

extension DayReport {
    /// The day as a picture.
    public var dashboard: String {
        var dashboard = Dashboard(self)
        return dashboard.svg()
    }
}
