import Apus
import ApusTesting

/// An engine in a simulated process, which can stand still and die.
final class SimulatedWorker: Sendable {
    let host: SimulatedHost
    let engine: Engine
    private let work = Guarded<Task<Void, any Error>?>(nil)

    init(
        _ name: String, _ simulator: Simulator, _ environment: any Environment, _ storage: any Storage,
        _ graph: Graph<Sum>, poll: Duration = .seconds(1)
    ) {
        var options = EngineOptions()
        (options.poll, options.lease) = (poll, poll * 3)
        host = SimulatedHost(name, in: simulator)
        engine = Engine(storage: storage, environment: HostEnvironment(host, environment), options: options)
        engine.register(graph)
    }

    func start() {
        let task = engine.environment.spawn { [engine] in try await engine.run() }
        work.withLock { $0 = task }
    }

    /// Ends it, whatever has become of it.
    func end() async {
        await host.end([work.withLock(\.self)])
    }
}
