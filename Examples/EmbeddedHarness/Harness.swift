import Apus
import ApusTesting

/// Runs a graph under the simulator, once for each of many seeds, and checks each run. No test framework is needed.
struct Harness<State: GraphState> {
    let graph: Graph<State>
    let seeds: Range<UInt64>

    /// Throws at the first seed with which an assertion does not hold or the run ends in another state.
    func check(from initial: State, to expected: State, _ assertions: RunAssertion...) throws {
        try Simulator.explore(seeds: seeds) { [graph] environment in
            let run = GraphExecutor(environment: environment).start(graph, from: initial)
            let recording = try await RunRecording(of: run.events)
            try recording.verify(assertions)
            let final = try await run.value
            if final != expected { throw WrongState(final: "\(final)", expected: "\(expected)") }
        }
    }
}

struct WrongState: Error {
    let final: String
    let expected: String
}
