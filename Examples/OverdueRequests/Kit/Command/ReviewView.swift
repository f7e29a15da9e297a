import Apus

/// Shows a run in this process as it goes on, and draws it.
struct ReviewView {
    private let outline: GraphOutline
    private var lines: ProgressView
    private var events: [RunEvent] = []

    init(console: Console, graph: Graph<OverdueReview>) {
        outline = graph.outline
        lines = ProgressView(console: console, nodes: graph.nodes)
    }

    /// Takes in what happens next. Each time the run is taken up its events count from 0; here they go on counting.
    mutating func show(_ event: RunEvent) {
        var event = event
        event.sequence = UInt64(events.count)
        events.append(event)
        lines.show(event)
    }

    /// Draws the graph with what this process did on it, and that over time; returns the paths. If it did nothing, older drawings stay.
    func draw(into folder: OutputFolder) throws -> [String] {
        guard !events.isEmpty else { return [] }
        return [
            try folder.write(outline.svg(overlay: RunOverlay(events: events)), to: "graph.svg"),
            try folder.write(RunTimeline(events: events).svg(), to: "timeline.svg"),
        ]
    }
}
