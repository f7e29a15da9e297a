import Apus
import ApusTesting

/// What a run of a simulation knows.
struct Errand: GraphState {
    var firing = ""
    var due = WallTime(milliseconds: 0)
    var payload = JSON.null
}

/// One life of a host in a simulation, with an engine and its triggers.
final class TriggerHostLife: Sendable {
    let host: SimulatedHost
    let engine: Engine
    let hook = ManualTrigger("hook")
    private let access: FaultyStorage<WatchedStorage>
    private let ended = Guarded(false)
    private let work = Guarded<Task<Void, any Error>?>(nil)

    init(
        _ number: Int, _ simulator: Simulator, _ disk: FaultyStorage<WatchedStorage>, _ plans: [TriggerPlan],
        _ options: EngineOptions, skew: Duration, _ environment: any Environment, patience: Int
    ) throws {
        host = SimulatedHost("h\(number)", in: simulator)
        host.skew = skew
        let environment = HostEnvironment(host, environment)
        access = disk.again(environment: environment)
        engine = Engine(storage: access, environment: environment, options: options)
        for plan in plans {
            let graph = try Self.graph(plan.name, patience: patience)
            let state: @Sendable (Firing) throws -> Errand = { Errand(firing: $0.id, due: $0.due, payload: $0.payload) }
            switch plan.kind {
            case .tick:
                guard let schedule = plan.schedule else { continue }
                engine.add(ScheduleTrigger("tick", schedule), policy: plan.policy, starting: graph, from: state)
            case .feed: engine.add(LogTrigger("feed", access), policy: plan.policy, starting: graph, from: state)
            case .hook: engine.add(hook, policy: plan.policy, starting: graph, from: state)
            }
        }
    }

    /// A run that takes up to `patience` seconds, longer or shorter by its firing.
    private static func graph(_ name: String, patience: Int) throws -> Graph<Errand> {
        try Graph<Errand>("\(name)-errand") { g in
            let rest = g.node("rest") { errand, context in
                let number = errand.firing.utf8.reduce(7) { ($0 * 31 + Int($1)) % 10_007 }
                try await context.sleep(for: .milliseconds(number % (patience * 1_000)))
            }
            g.start(at: rest)
        }
    }

    func start() {
        let task = engine.environment.spawn { [self] in
            try? await engine.run()
            ended.withLock { $0 = true }
        }
        work.withLock { $0 = task }
    }

    var isGone: Bool { ended.withLock(\.self) || !host.isAlive }

    func stop() { work.withLock { $0 }?.cancel() }

    func kill() {
        host.kill()
        access.cutOff()
    }

    /// From now on all calls go well.
    func calm() { access.switchOff() }

    func finish() async {
        await host.end([work.withLock(\.self)])
    }
}
