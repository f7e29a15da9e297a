extension RunTimeline {
    /// The timeline as one SVG document that needs nothing else: a bar for each attempt, a dotted line for each wait
    /// between two of them, lanes by node.
    public func svg(style: DrawingStyle = DrawingStyle()) -> String {
        TimelinePainter(self, style).svg()
    }
}
