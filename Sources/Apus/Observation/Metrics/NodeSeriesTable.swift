/// The series of a node that every activation needs.
struct NodeSeries: Sendable {
    let completed: Counter
    let duration: Histogram
}

/// The series of all nodes, kept from one run to the next so that none looks them up again.
final class NodeSeriesTable: Sendable {
    private let state = Guarded<[String: [String: NodeSeries]]>([:])

    func nodes(of graph: String) -> [String: NodeSeries] { state.withLock { $0[graph] ?? [:] } }

    func series(of node: String, in graph: String, _ make: () -> NodeSeries) -> NodeSeries {
        if let known = state.withLock({ $0[graph]?[node] }) { return known }
        let series = make()
        return state.withLock { state in
            let kept = state[graph]?[node] ?? series
            state[graph, default: [:]][node] = kept
            return kept
        }
    }
}
