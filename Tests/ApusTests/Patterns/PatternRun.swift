import Apus
import ApusTesting
import Testing

/// One simulated run of a graph: what it left, and what happened when, in seconds of virtual time since it began.
struct PatternRun<State: GraphState>: Sendable, CustomStringConvertible {
    let seed: UInt64
    let result: Result<State, any Error>
    let status: Run<State>.Status
    let recording: RunRecording

    var description: String { "seed \(seed): \(recording)" }

    var final: State? { try? result.get() }

    /// When the run ended.
    var length: Int { recording.events.last.map { seconds($0) } ?? 0 }

    func start(of node: String) -> Int? { starts(of: node).first }

    /// When the activations of a node started.
    func starts(of node: String) -> [Int] {
        moments(of: node) { if case .started(let id, _) = $0 { id } else { nil } }
    }

    func end(of node: String) -> Int? { ends(of: node).first }

    /// When the activations of a node completed.
    func ends(of node: String) -> [Int] {
        moments(of: node) { if case .completed(let id) = $0 { id } else { nil } }
    }

    func cancellations(of node: String) -> [Int] {
        moments(of: node) { if case .cancelled(let id) = $0 { id } else { nil } }
    }

    private func moments(of node: String, _ id: (RunEvent.Kind) -> ActivationID?) -> [Int] {
        recording.events.compactMap { event in
            guard let id = id(event.kind) else { return nil }
            let name = id.path.map(\.node).joined(separator: "/")
            return name == node && id.path.last?.index == nil || id.description == node ? seconds(event) : nil
        }
    }

    private func seconds(_ event: RunEvent) -> Int {
        Int(recording.events[0].instant.duration(to: event.instant).components.seconds)
    }
}

/// Runs a graph in the simulator from several seeds, each twice, which must not make a difference; `during` runs beside it.
func patternRuns<State: GraphState>(
    _ graph: Graph<State>, from state: State, entry: String? = nil, seeds: Range<UInt64> = 0..<12,
    limits: GraphLimits = GraphLimits(),
    during: (@Sendable (Run<State>, any Environment) async throws -> Void)? = nil
) throws -> [PatternRun<State>] {
    try seeds.map { seed in
        let runs = try (0..<2).map { _ in
            let simulator = Simulator(seed: seed)
            let run = try simulator.run { environment in
                let executor = GraphExecutor(environment: environment, limits: limits)
                let run = executor.start(graph, from: state, entry: entry)
                let events = run.events
                let watch = environment.spawn { try await RunRecording(of: events) }
                try await during?(run, environment)
                let recording = try await watch.value
                return PatternRun(
                    seed: seed, result: await outcome { try await run.value }, status: run.status, recording: recording)
            }
            return (run, simulator.trace)
        }
        #expect(runs[0].1 == runs[1].1, "seed \(seed) is not replayed")
        if during == nil { try compareUnwatched(runs[0].0, graph, state, entry, limits) }
        return runs[0].0
    }
}

/// Without anybody who watches, a run takes other paths through the executor and leaves the same.
private func compareUnwatched<State: GraphState>(
    _ run: PatternRun<State>, _ graph: Graph<State>, _ state: State, _ entry: String?, _ limits: GraphLimits
) throws {
    let simulator = Simulator(seed: run.seed)
    let (unwatched, length) = try simulator.run { environment in
        let start = environment.now()
        let result = await outcome {
            try await GraphExecutor(environment: environment, limits: limits).run(graph, from: state, entry: entry)
        }
        return (result, start.duration(to: environment.now()))
    }
    #expect((try? unwatched.get()) == run.final, "unwatched, \(run)")
    #expect(length == .seconds(run.length), "unwatched, \(run)")
}

private func outcome<Value>(_ body: () async throws -> Value) async -> Result<Value, any Error> {
    do { return .success(try await body()) } catch { return .failure(error) }
}
