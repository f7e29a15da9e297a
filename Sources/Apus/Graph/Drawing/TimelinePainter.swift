/// Writes a timeline as SVG.
struct TimelinePainter {
    private let timeline: RunTimeline
    private let style: DrawingStyle
    private let names: Double
    private let top: Double
    private static let chart = 880.0
    private static let lane = 20.0
    private static let margin = 20.0

    init(_ timeline: RunTimeline, _ style: DrawingStyle) {
        self.timeline = timeline
        self.style = style
        names = timeline.groups.map { Self.indent($0) + GlyphWidths.width(of: Self.name($0), size: 12) }.max() ?? 40
        top = Self.margin + (style.showsTitle ? 34 : 0) + 22
    }

    private var left: Double { Self.margin + names + 16 }
    private var height: Double {
        let lanes = timeline.groups.reduce(0.0) { $0 + Double($1.lanes.count) * Self.lane + 6 }
        return top + lanes + (timeline.hiddenNodes > 0 ? 24 : 0) + Self.margin
    }

    func svg() -> String {
        var text = SVGText()
        let title = MarkupText.plain(timeline.graph)
        let length = DurationText.text(timeline.length)
        let status = timeline.status.map { "run \($0.words), " } ?? ""
        text.open(
            width: left + Self.chart + Self.margin + 10, height: height, title: title,
            description: "\(status)\(length), \(timeline.groups.count + timeline.hiddenNodes) nodes",
            sheet: TimelineSheet.text(style), style: style)
        if style.showsTitle { paintTitle(title, length, in: &text) }
        paintAxis(in: &text)
        var y = top
        for (index, group) in timeline.groups.enumerated() {
            paint(group, at: y, isOdd: index % 2 == 1, in: &text)
            y += Double(group.lanes.count) * Self.lane + 6
        }
        if timeline.hiddenNodes > 0 {
            text.label("more", "… and \(timeline.hiddenNodes) more nodes", x: Self.margin, y: y + 15)
        }
        text.add("</svg>")
        return text.text
    }

    private func paintTitle(_ title: String, _ length: String, in text: inout SVGText) {
        let line = GlyphWidths.lines(of: title, size: 15, width: 600, limit: 1)[0]
        text.label("title", line, x: Self.margin, y: Self.margin + 13)
        let words = [timeline.status?.words, length].compactMap(\.self).joined(separator: " · ")
        let x = Self.margin + GlyphWidths.width(of: line, size: 15) + 10
        text.label("run s-\(timeline.status?.rawValue ?? "running")", words, x: x, y: Self.margin + 13)
    }

    private func paintAxis(in text: inout SVGText) {
        for pause in timeline.pauses {
            let frame = Rect(
                x: x(pause.lowerBound), y: top, width: max(1, x(pause.upperBound) - x(pause.lowerBound)),
                height: height - top - Self.margin)
            text.add("<g><title>paused for \(DurationText.text(pause.upperBound - pause.lowerBound))</title>")
            text.rect("pause", frame)
            text.add("</g>")
        }
        for tick in TimeAxis(length: timeline.length, most: 9).ticks {
            let x = x(tick.time)
            let ends = [Point(x: x, y: top - 4), Point(x: x, y: height - Self.margin)]
            text.path("grid", SVGText.data([.move(ends[0]), .line(ends[1])]))
            text.label("tick", tick.label, x: x, y: top - 9)
        }
    }

    private func paint(_ group: RunTimeline.Group, at y: Double, isOdd: Bool, in text: inout SVGText) {
        let height = Double(group.lanes.count) * Self.lane + 6
        if isOdd {
            let width = names + 16 + Self.chart + 10 + Self.margin
            text.rect("band", Rect(x: Self.margin / 2, y: y, width: width, height: height), radius: 4)
        }
        text.add("<g><title>\(MarkupText.xml(group.path.joined(separator: " / ")))</title>")
        text.label("node", Self.name(group), x: Self.margin + Self.indent(group), y: y + 17)
        text.add("</g>")
        for (index, lane) in group.lanes.enumerated() {
            let y = y + 3 + Double(index) * Self.lane
            for (place, span) in lane.enumerated() {
                let next = place + 1 < lane.count ? x(lane[place + 1].start) : left + Self.chart
                paint(span, at: y, until: next, in: &text)
            }
        }
    }

    private func paint(_ span: RunTimeline.Span, at y: Double, until limit: Double, in text: inout SVGText) {
        for (before, after) in zip(span.bars, span.bars.dropFirst()) where after.start > before.end {
            text.add("<g><title>waited \(DurationText.text(after.start - before.end))</title>")
            let ends = [before.end, after.start].map { Point(x: x($0), y: y + Self.lane / 2) }
            text.path("wait", SVGText.data([.move(ends[0]), .line(ends[1])]))
            text.add("</g>")
        }
        if let last = span.bars.last, last.outcome == .waiting, last.count == 1, timeline.length > last.end {
            let ends = [last.end, timeline.length].map { Point(x: min(x($0), limit), y: y + Self.lane / 2) }
            text.path("wait", SVGText.data([.move(ends[0]), .line(ends[1])]))
        }
        for (index, bar) in span.bars.enumerated() {
            let isFollowed = index + 1 < span.bars.count || bar.outcome == .waiting
            paint(bar, at: y, until: isFollowed ? x(bar.end) : limit, in: &text)
        }
    }

    private func paint(_ bar: RunTimeline.Bar, at y: Double, until limit: Double, in text: inout SVGText) {
        let start = x(bar.start)
        let frame = Rect(x: start, y: y + 3, width: max(2, x(bar.end) - start), height: Self.lane - 6)
        text.add("<g class=\"bar s-\(bar.outcome.rawValue)\"><title>\(MarkupText.xml(TimelineText.title(bar)))</title>")
        text.rect(bar.count > 1 ? "b crowd" : "b", frame, radius: 3)
        if bar.count > 1, bar.failures > 0 {
            let share = max(2, frame.width * Double(bar.failures) / Double(bar.count))
            text.rect("failures", Rect(x: start, y: y + Self.lane - 6, width: share, height: 3))
        }
        let words = TimelineText.label(bar)
        let width = GlyphWidths.width(of: words, size: 10.5)
        if width + 10 < frame.width {
            text.label("inside", words, x: frame.x + 5, y: y + 13.7)
        } else if frame.x + frame.width + width + 8 < limit {
            text.label("beside", words, x: frame.x + frame.width + 4, y: y + 13.7)
        }
        text.add("</g>")
    }

    /// Where a time stands.
    private func x(_ time: Duration) -> Double {
        let length = DurationText.seconds(timeline.length)
        return left + (length > 0 ? DurationText.seconds(time) / length * Self.chart : 0)
    }

    private static func name(_ group: RunTimeline.Group) -> String {
        GlyphWidths.lines(of: MarkupText.plain(group.path.last ?? ""), size: 12, width: 180, limit: 1)[0]
    }

    private static func indent(_ group: RunTimeline.Group) -> Double { Double(min(group.depth, 8)) * 14 }
}
