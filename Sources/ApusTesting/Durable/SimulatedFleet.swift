import Apus

/// The hosts of a simulation, those that are gone included.
final class SimulatedFleet<State: GraphState>: Sendable {
    /// One life of a host.
    final class Member: Sendable {
        let host: SimulatedHost
        let engine: Engine
        /// Whether it knows another version of the graphs.
        let isOther: Bool
        private let ended = Guarded(false)
        private let work: Guarded<Task<Void, any Error>?> = Guarded(nil)

        init(_ host: SimulatedHost, _ engine: Engine, isOther: Bool) {
            self.host = host
            self.engine = engine
            self.isOther = isOther
        }

        func start() {
            let task = engine.environment.spawn { [self] in
                try? await engine.run()
                ended.withLock { $0 = true }
            }
            work.withLock { $0 = task }
        }

        /// Whether it is to be started again.
        var isGone: Bool { ended.withLock { $0 } || !host.isAlive }

        func stop() { work.withLock { $0 }?.cancel() }

        /// Ends what is left of it, without an effect if it is dead.
        func finish() async {
            await host.end([work.withLock(\.self)])
        }
    }

    private struct Slots {
        var members: [Member?]
        var all: [Member] = []
        var lives = 0
    }

    private let simulator: Simulator
    private let disk: SimulatedDisk
    private let plan: DurablePlan
    private let workloads: [DurableWorkload<State>]
    private let slots: Guarded<Slots>
    private let seed: UInt64

    init(
        _ simulator: Simulator, _ disk: SimulatedDisk, _ plan: DurablePlan, _ workloads: [DurableWorkload<State>],
        seed: UInt64
    ) {
        self.simulator = simulator
        self.disk = disk
        self.plan = plan
        self.workloads = workloads
        self.seed = seed
        slots = Guarded(Slots(members: Array(repeating: nil, count: plan.hosts)))
    }

    var members: [Member?] { slots.withLock { $0.members } }
    var all: [Member] { slots.withLock { $0.all } }

    /// Starts a host where none is, or the one that was is gone.
    func start(_ slot: Int, skew: Duration, isOther: Bool = false) {
        if let member = members[slot], !member.isGone { return }
        let life = slots.withLock { slots in
            slots.lives += 1
            return slots.lives
        }
        let host = SimulatedHost("h\(slot).\(life)", in: simulator)
        host.skew = skew
        let access = DiskAccess(disk, host, plan.faults, seed: SeededGenerator.mix(seed &+ UInt64(life)))
        let engine = Engine(
            storage: access, environment: HostEnvironment(host, disk.environment), options: plan.options)
        host.worker = engine.worker
        for workload in workloads { engine.register(isOther ? workload.other ?? workload.graph : workload.graph) }
        let member = Member(host, engine, isOther: isOther)
        slots.withLock { slots in
            slots.members[slot] = member
            slots.all.append(member)
        }
        disk.tell("\(disk.environment.now().uptime) \(host.name) starts as \(engine.worker), skew \(skew)")
        member.start()
    }
}
