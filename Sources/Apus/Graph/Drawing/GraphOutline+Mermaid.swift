extension GraphOutline {
    /// The graph as a Mermaid flowchart, for Markdown pages.
    ///
    /// Loops and graphs within nodes are subgraphs, edges back are thick, `onFailure` edges dotted. Renderers refuse
    /// large texts: by default Mermaid draws up to 500 edges and 50,000 characters.
    ///
    /// - Parameter overlay: a run whose course is drawn over the graph.
    public func mermaid(overlay: RunOverlay? = nil) -> String {
        var writer = MermaidWriter(overlay: overlay)
        writer.write(self)
        return writer.text
    }
}
