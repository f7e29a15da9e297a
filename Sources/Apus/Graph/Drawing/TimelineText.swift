/// The words of a timeline.
enum TimelineText {
    /// What stands in a bar or beside it.
    static func label(_ bar: RunTimeline.Bar) -> String {
        var parts: [String] = []
        if bar.count > 1 { parts.append("×" + DurationText.grouped(bar.count)) }
        if let mark = bar.activation.path.last, bar.count == 1 {
            if !mark.iterations.isEmpty { parts.append("#" + mark.iterations.map(String.init).joined(separator: ".")) }
            if let index = mark.index { parts.append("[\(index)]") }
        }
        parts.append(DurationText.text(bar.length))
        if bar.attempt > 1 { parts.append("attempt \(bar.attempt)") }
        if bar.count > 1, bar.failures > 0 { parts.append("\(bar.failures) failed") }
        return parts.joined(separator: " · ")
    }

    /// What a reader sees who points at a bar.
    static func title(_ bar: RunTimeline.Bar) -> String {
        var title = bar.activation.description
        if bar.count > 1 {
            title += ", \(DurationText.grouped(bar.count)) attempts"
            if bar.failures > 0 { title += ", \(DurationText.grouped(bar.failures)) failed" }
        } else {
            if bar.attempt > 1 { title += ", attempt \(bar.attempt)" }
            title += ", " + (bar.outcome == .waiting ? "failed, to be tried again" : bar.outcome.words)
        }
        title += ": \(DurationText.text(bar.length)) from \(DurationText.text(bar.start)) on"
        if let error = bar.error { title += "; " + error.prefix(300) }
        return title
    }
}
