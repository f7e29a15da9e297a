/// How a drawing looks.
public struct DrawingStyle: Sendable, Equatable {
    /// Dark on light or light on dark.
    public enum Appearance: String, Sendable, CaseIterable {
        /// As the reader's system prefers (`prefers-color-scheme`).
        case automatic
        case light, dark
    }

    public var appearance: Appearance
    /// Whether the name of the graph stands above the drawing.
    public var showsTitle: Bool

    public init(appearance: Appearance = .automatic, showsTitle: Bool = true) {
        self.appearance = appearance
        self.showsTitle = showsTitle
    }
}
