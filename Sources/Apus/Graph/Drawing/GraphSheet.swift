/// The style sheet of graphs.
enum GraphSheet {
    static let font =
        "font-family:ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"

    static func text(_ style: DrawingStyle) -> String { DrawingPalette.sheet(style, rules: rules) }

    private static func rules(_ palette: DrawingPalette) -> [(selector: String, body: String)] {
        basics(palette) + shapes(palette) + edges(palette) + statuses(palette)
    }

    /// What every drawing has.
    static func basics(_ palette: DrawingPalette) -> [(selector: String, body: String)] {
        [
            ("text", "\(font);fill:\(palette.text);text-anchor:middle"),
            (".bg", "fill:\(palette.background)"),
            (".title", "font-size:15px;font-weight:600;text-anchor:start"),
            (".run", "font-size:12px;text-anchor:start;fill:\(palette.muted)"),
        ]
    }

    private static func shapes(_ palette: DrawingPalette) -> [(selector: String, body: String)] {
        [
            (".b", "fill:\(palette.box);stroke:\(palette.border);stroke-width:1.3;stroke-linejoin:round"),
            (".group", "fill:\(palette.border);fill-opacity:.08"),
            (".bar", "fill:none;stroke:\(palette.border);stroke-width:1.3"),
            (".name", "font-size:\(BoxContent.nameSize)px"),
            (".kind", "font-size:\(BoxContent.captionSize)px;fill:\(palette.muted)"),
            (".note", "font-size:\(BoxContent.noteSize)px;fill:\(palette.muted)"),
            (".loop", "fill:\(palette.tint);fill-opacity:.05;stroke:\(palette.tint);stroke-opacity:.45"),
            (".loopname", "font-size:10px;fill:\(palette.back);text-anchor:start"),
            (".start", "fill:\(palette.text)"),
            (".end", "fill:\(palette.background);stroke:\(palette.text);stroke-width:2"),
            (".route", "fill:\(palette.edge);stroke:\(palette.background)"),
            (".select", "fill:\(palette.background);stroke:\(palette.edge);stroke-width:1.5"),
        ]
    }

    private static func edges(_ palette: DrawingPalette) -> [(selector: String, body: String)] {
        [
            (".e", "fill:none;stroke:\(palette.edge);stroke-width:1.4"),
            (".e.back", "stroke:\(palette.back);stroke-width:1.6"),
            (".e.failure", "stroke:\(palette.failure);stroke-dasharray:5 3"),
            (".r", "fill:none;stroke:\(palette.muted);stroke-width:1.2;stroke-dasharray:1.5 3"),
            (".tie", "fill:\(palette.background);stroke:\(palette.muted)"),
            (".dim", "opacity:.4"),
            (".a", "fill:\(palette.edge)"),
            (".a.back", "fill:\(palette.back)"),
            (".a.failure", "fill:\(palette.failure)"),
            (".pill", "fill:\(palette.background);fill-opacity:.92"),
            (".case", "font-size:\(EdgeLabel.size)px;fill:\(palette.muted)"),
            (".back .case", "fill:\(palette.back)"),
            (".failure .case", "fill:\(palette.failure)"),
        ]
    }

    private static func statuses(_ palette: DrawingPalette) -> [(selector: String, body: String)] {
        var rules: [(selector: String, body: String)] = [
            (".sign", "fill:none;stroke:\(palette.background);stroke-width:1.6;stroke-linecap:round")
        ]
        for entry in palette.statuses {
            let name = ".s-\(entry.status.rawValue)"
            rules.append(("\(name) .b", "fill:\(entry.fill);stroke:\(entry.stroke)"))
            rules.append(("\(name) .bar", "stroke:\(entry.stroke)"))
            rules.append(("\(name) .badge", "fill:\(entry.stroke)"))
            rules.append((".run\(name)", "fill:\(entry.stroke)"))
        }
        rules.append((".s-skipped .b", "stroke-dasharray:4 3"))
        rules.append((".s-skipped .name", "fill:\(palette.muted)"))
        return rules
    }
}
