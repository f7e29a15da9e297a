import Apus

/// A state for graphs whose work does not matter; chance decides where they lead when they run.
struct Nothing: GraphState {
    struct Failure: Error {}

    var value = 0
    static let fields: [Field<Self>] = [Field("value", \.value, merging: .sum)]

    /// One of so many, by what the nodes drew.
    func pick(_ count: Int) -> Int { (value >> 7) % count }
}

extension GraphBuilder where State == Nothing {
    /// A node that does nothing.
    mutating func idle(_ id: String) -> NodeHandle<State> { node(id) { _, _ in } }

    /// A node that draws a number, takes its time, and fails now and then.
    mutating func daring(_ id: String) -> NodeHandle<State> {
        node(id) { state, context in
            let number = Int(truncatingIfNeeded: context.environment.random() >> 40)
            state.value += number
            try await context.environment.sleep(for: .milliseconds(number % 5))
            if number % 16 == 0 { throw Nothing.Failure() }
        }
    }

    /// A node that runs a graph and needs turns.
    mutating func run(_ id: String, _ graph: Graph<State>, key: String? = nil) -> NodeHandle<State> {
        let handle = subgraph(id, graph)
        if let key { handle.critical(key) }
        return handle
    }

    mutating func read(_ id: String, _ channel: Channel<Int>, until: (@Sendable ([Int]) -> Bool)? = nil) -> NodeHandle<
        State
    > {
        forEach(id, channel, until: until) { value, _ in
            value
        } collect: { _, _ in
        }
    }
}

extension Graph where State == Nothing {
    /// One node that needs a turn.
    static func single(_ id: String, key: String) throws -> Graph<Nothing> {
        try Graph(id) { g in
            let node = g.idle(id).critical(key)
            g.start(at: node)
        }
    }
}

extension SoundnessReport {
    /// The findings of one kind.
    func all(_ code: SoundnessFinding.Code) -> [SoundnessFinding] { findings.filter { $0.code == code } }

    /// The first nodes of the findings that say so of nodes that never run.
    var neverRun: [String] { all(.neverRuns).map { $0.nodes[0] } }
}

extension SoundnessFinding {
    /// The trace as a reader sees it.
    var steps: [String] { trace.map(\.description) }
}
