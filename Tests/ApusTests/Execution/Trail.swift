import Apus
import ApusTesting

/// The state of most tests of runs: what ran, in graph order, and a field of each kind.
struct Trail: GraphState {
    var log: [String] = []
    var sum = 0
    /// How often each node ran.
    var visits: [String: Int] = [:]
    /// A field for one writer at a time.
    var owner = ""
    var items: [Int] = []

    static let fields: [Field<Self>] = [
        Field("log", \.log, merging: .append), Field("sum", \.sum, merging: .sum),
        Field("visits", \.visits, merging: .keys), Field("owner", \.owner), Field("items", \.items),
    ]

    func visited(_ node: String) -> Int { visits[node] ?? 0 }

    mutating func note(_ context: NodeContext) {
        log.append("\(context.activation)")
        visits[context.nodeID, default: 0] += 1
    }
}

/// Something a test throws on purpose.
struct Trouble: Error, Equatable {
    var name = "trouble"
}

extension GraphBuilder where State == Trail {
    /// A node that notes its activation after `time`.
    mutating func mark(_ id: String, takes time: Duration = .zero) -> NodeHandle<Trail> {
        node(id) { state, context in
            if time > .zero { try await context.environment.sleep(for: time) }
            state.note(context)
        }
    }

    /// A node that fails after `time` with an error of its own name.
    mutating func fail(_ id: String, takes time: Duration = .zero) -> NodeHandle<Trail> {
        node(id) { state, context in
            state.note(context)
            if time > .zero { try await context.environment.sleep(for: time) }
            throw Trouble(name: id)
        }
    }
}

/// Simulates a run of `graph` and returns what it left, with the time it took.
func simulate(
    _ graph: Graph<Trail>, from state: Trail = Trail(), seed: UInt64 = 1, limits: GraphLimits = GraphLimits()
) throws -> (state: Trail, time: Duration) {
    let simulator = Simulator(seed: seed)
    let state = try simulator.run { environment in
        try await GraphExecutor(environment: environment, limits: limits).run(graph, from: state)
    }
    return (state, simulator.elapsed)
}

/// Simulates a run of `graph` and returns its events.
func record(
    _ graph: Graph<Trail>, from state: Trail = Trail(), seed: UInt64 = 1, limits: GraphLimits = GraphLimits(),
    entry: String? = nil
) throws -> RunRecording {
    try Simulator(seed: seed).run { environment in
        let run = GraphExecutor(environment: environment, limits: limits).start(graph, from: state, entry: entry)
        return try await RunRecording(of: run.events)
    }
}
