extension GraphOutline {
    /// The graph in the language of Graphviz.
    ///
    /// Loops and graphs within nodes are clusters, edges back are violet, `onFailure` edges red and dashed.
    ///
    /// - Parameter overlay: a run whose course is drawn over the graph.
    public func dot(overlay: RunOverlay? = nil) -> String {
        var writer = DOTWriter(overlay: overlay)
        writer.write(self)
        return writer.text
    }
}
