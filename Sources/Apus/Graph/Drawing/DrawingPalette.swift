/// The colours of the drawings.
struct DrawingPalette {
    var background: String
    var box: String
    var border: String
    var text: String
    var muted: String
    var edge: String
    var failure: String
    var back: String
    var tint: String
    var statuses: [(status: RunOverlay.Status, stroke: String, fill: String)]

    static let light = DrawingPalette(
        background: "#ffffff", box: "#f7f9fc", border: "#a3b1c6", text: "#16202e", muted: "#5b6b82",
        edge: "#75859c", failure: "#d12f2f", back: "#6a50d3", tint: "#6a50d3",
        statuses: [
            (.completed, "#1a8a4a", "#effaf3"), (.failed, "#d12f2f", "#fdf0f0"), (.running, "#2463d8", "#eef4ff"),
            (.waiting, "#b96a06", "#fff7e8"), (.passedOver, "#b96a06", "#fff7e8"),
            (.cancelled, "#7a6a86", "#f5f2f7"), (.skipped, "#b5bfcc", "#fbfcfd"), (.paused, "#2463d8", "#eef4ff"),
        ])

    static let dark = DrawingPalette(
        background: "#10151f", box: "#1b2433", border: "#4e5d75", text: "#e6ebf2", muted: "#9aa9be",
        edge: "#8493aa", failure: "#ff7b7b", back: "#a896ff", tint: "#a896ff",
        statuses: [
            (.completed, "#41c27c", "#14281f"), (.failed, "#ff7b7b", "#331a1f"), (.running, "#6ea3ff", "#172643"),
            (.waiting, "#f0a94a", "#33270f"), (.passedOver, "#f0a94a", "#33270f"),
            (.cancelled, "#a596b3", "#25202d"), (.skipped, "#46536a", "#151b27"), (.paused, "#6ea3ff", "#172643"),
        ])

    /// The style sheet of a drawing: every rule holds inside of its own class, so that several drawings can stand
    /// in one page.
    static func sheet(_ style: DrawingStyle, rules: (DrawingPalette) -> [(selector: String, body: String)]) -> String {
        let name = ".apus-\(style.appearance.rawValue)"
        func text(_ palette: DrawingPalette) -> String {
            rules(palette).map { "\(name) \($0.selector){\($0.body)}" }.joined(separator: "\n")
        }
        switch style.appearance {
        case .light: return text(.light)
        case .dark: return text(.dark)
        case .automatic: return text(.light) + "\n@media (prefers-color-scheme:dark){\n" + text(.dark) + "\n}"
        }
    }
}
