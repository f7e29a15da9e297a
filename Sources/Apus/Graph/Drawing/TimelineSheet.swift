/// The style sheet of timelines.
enum TimelineSheet {
    static func text(_ style: DrawingStyle) -> String {
        DrawingPalette.sheet(style) { palette in
            var rules = GraphSheet.basics(palette)
            rules += [
                (".grid", "stroke:\(palette.border);stroke-opacity:.35"),
                (".tick", "font-size:10.5px;fill:\(palette.muted)"),
                (".band", "fill:\(palette.border);fill-opacity:.1"),
                (".pause", "fill:\(palette.muted);fill-opacity:.14"),
                (".node", "font-size:12px;text-anchor:start"),
                (".more", "font-size:12px;text-anchor:start;fill:\(palette.muted)"),
                (".inside", "font-size:10.5px;text-anchor:start"),
                (".beside", "font-size:10.5px;text-anchor:start;fill:\(palette.muted)"),
                (".wait", "fill:none;stroke:\(palette.muted);stroke-width:1.4;stroke-dasharray:1.5 3"),
                (".b", "stroke-width:1.2"),
                (".failures", "fill:\(palette.failure)"),
            ]
            for entry in palette.statuses {
                let name = ".s-\(entry.status.rawValue)"
                rules.append(("\(name) .b", "fill:\(entry.stroke);fill-opacity:.22;stroke:\(entry.stroke)"))
                rules.append((".run\(name)", "fill:\(entry.stroke)"))
            }
            rules.append((".b.crowd", "fill-opacity:.4;stroke-dasharray:4 2"))
            return rules
        }
    }
}
