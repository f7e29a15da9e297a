import Apus

/// The course of one ``DurableSimulation``: trouble, recovery, judgement.
struct DurableCourse<State: GraphState>: Sendable {
    private let simulator: Simulator
    private let disk: SimulatedDisk
    private let outside: SimulatedOutside
    private let plan: DurablePlan
    private let workloads: [DurableWorkload<State>]
    private let fleet: SimulatedFleet<State>
    private let desk: Engine
    private let person: SimulatedPerson<State>
    private let seed: UInt64
    private var environment: any Environment { disk.environment }
    private var runs: [RunID] { workloads.indices.map { SimulatedPerson<State>.run($0) } }

    init(
        _ simulator: Simulator, _ disk: SimulatedDisk, _ outside: SimulatedOutside, _ plan: DurablePlan,
        _ workloads: [DurableWorkload<State>], seed: UInt64
    ) {
        self.simulator = simulator
        self.disk = disk
        self.outside = outside
        self.plan = plan
        self.workloads = workloads
        self.seed = seed
        fleet = SimulatedFleet(simulator, disk, plan, workloads, seed: seed)
        let access = DiskAccess(disk, nil, plan.faults, seed: SeededGenerator.mix(seed ^ 0xDE5C))
        desk = Engine(storage: access, environment: disk.environment, options: plan.options)
        let mayCancel = plan.blows[.cancel] != nil
        person = SimulatedPerson(desk, fleet, disk, outside, workloads, mayCancel: mayCancel, seed: seed)
    }

    func run() async {
        await withDiscardingTaskGroup { group in
            for number in workloads.indices { group.addTask { await person.start(number) } }
            group.addTask { await person.work() }
            await makeTrouble(in: &group)
            await recover()
            person.isOver()
        }
        for member in fleet.all { await member.finish() }
        await judge()
        disk.watch.withLock { $0.isOver = true }
    }

    private func makeTrouble(in group: inout DiscardingTaskGroup) async {
        var generator = SeededGenerator(seed: SeededGenerator.mix(seed ^ 0xB10))
        let end = environment.now().advanced(by: plan.trouble)
        for slot in 0..<plan.hosts { start(slot, &generator) }
        while environment.now() < end, !Task.isCancelled {
            try? await environment.sleep(for: .milliseconds(1 + generator.below(2 * plan.pause)))
            let slot = generator.below(plan.hosts)
            if fleet.members[slot]?.isGone == true {
                start(slot, &generator)
            } else if let member = fleet.members[slot], let blow = plan.blow(&generator) {
                strike(blow, member, &generator, &group)
            }
        }
    }

    private func start(_ slot: Int, _ generator: inout SeededGenerator) {
        let skew = skew(&generator)
        fleet.start(slot, skew: skew, isOther: plan.mixesVersions && generator.below(3) == 0)
    }

    private func skew(_ generator: inout SeededGenerator) -> Duration {
        .milliseconds(generator.below(2 * plan.skew + 1) - plan.skew)
    }

    private func strike(
        _ blow: DurablePlan.Blow, _ member: SimulatedFleet<State>.Member, _ generator: inout SeededGenerator,
        _ group: inout DiscardingTaskGroup
    ) {
        disk.tell("\(environment.now().uptime) \(blow) \(blow == .cancel ? "" : member.host.name)")
        switch blow {
        case .kill: member.host.kill()
        case .stop: member.stop()
        case .skew: member.host.turnClock(to: skew(&generator))
        case .jump: member.host.turnClock(to: member.host.skew - .seconds(86_400))
        case .cancel:
            let number = generator.below(workloads.count)
            group.addTask { await person.cancel(number) }
        case .pause:
            member.host.pause()
            let pause = Duration.milliseconds(generator.below(plan.standstill))
            group.addTask {
                try? await environment.sleep(for: pause)
                member.host.goOn()
            }
        }
    }

    /// All goes well from now on: within a lease every run moves again, and in the end each has come to its end.
    private func recover() async {
        disk.recover()
        // What was delayed before is through by then.
        try? await environment.sleep(for: max(plan.faults.longestDelay * 2, .seconds(plan.faults.locks > 0 ? 8 : 0)))
        for member in fleet.members.compactMap(\.self) {
            member.host.goOn()
            if member.host.skew < .seconds(-3_600) { member.host.turnClock(to: .zero) }
            if member.isOther { member.stop() }
        }
        startAll()
        disk.tell("\(environment.now().uptime) all is well")
        let start = environment.now()
        let poll = plan.options.poll
        let patience = plan.options.lease * 1.5 + poll * 2 + .seconds(1)
        var isChecked = false
        while environment.now().duration(to: start) > .seconds(-900), !Task.isCancelled {
            try? await environment.sleep(for: poll)
            startAll()
            if !isChecked, start.duration(to: environment.now()) > patience {
                isChecked = true
                await checkProgress(since: start)
            }
            // Once something is wrong there is nothing to wait for.
            if await isOver() || disk.watch.withLock({ !$0.complaints.isEmpty }) { return }
        }
        for run in runs {
            guard let head = await head(of: run), !isSettled(head) else { continue }
            disk.complain("G1: \(run) has not ended, it is \(head.status) since \(head.updated.milliseconds)")
        }
    }

    private func startAll() {
        for slot in 0..<plan.hosts where fleet.members[slot]?.isGone == true { fleet.start(slot, skew: .zero) }
    }

    private func head(of run: RunID) async -> RunHead? { try? await JournalReader(disk.memory, run).head() }

    private func isOver() async -> Bool {
        for run in runs {
            guard let head = await head(of: run), isSettled(head) else { return false }
        }
        return true
    }

    /// Whether nothing is left to do, also for the person.
    private func isSettled(_ head: RunHead) -> Bool {
        switch head.status {
        case .completed, .cancelled: true
        case .failed: head.reason?.contains("the world is broken") != true
        case .dead, .inDoubt, .ready, .running, .waiting: false
        }
    }

    private func checkProgress(since start: Instant) async {
        for run in runs {
            guard let head = await head(of: run), let known = disk.watch.withLock({ $0.runs[run.value] }) else {
                disk.complain("G1: \(run) is not there")
                continue
            }
            let isDue = head.status == .waiting && head.due.map { $0 < start.wallTime } ?? false
            let isStill = known.moved < start.uptime
            if isStill, head.status == .ready || head.status == .running || isDue {
                disk.complain("G8: \(run) is \(head.status) and stands still since \(known.moved)")
            }
        }
    }
}

/// What must be so in the end.
extension DurableCourse {
    private func judge() async {
        for (number, run) in runs.enumerated() {
            guard let head = await head(of: run) else {
                disk.complain("G1: \(run) is lost")
                continue
            }
            guard isSettled(head) else { continue }
            if !disk.watch.withLock({ $0.runs[run.value]?.isEnded ?? false }) {
                disk.complain("G2: \(run) is \(head.status), and its journal does not say so")
            }
            let completed = disk.watch.withLock { $0.runs[run.value]?.done ?? [] }
            var ending = DurableEnding<State>(
                head: head, state: nil, wasCancelled: person.wasCancelled(run), completed: completed)
            if head.status == .completed {
                do {
                    ending.state = try await desk.value(of: run, workloads[number].graph)
                } catch {
                    disk.complain("G2: \(run) has completed, and its value can't be read: \(error)")
                }
            }
            for complaint in workloads[number].judge(ending) { disk.complain("\(run): \(complaint)") }
            await judgeLeftovers(of: head)
        }
    }

    /// Nothing is left of a run that has ended but its head, its place in the index, and its journal.
    private func judgeLeftovers(of head: RunHead) async {
        guard let entries = try? await disk.memory.scan(.all, limit: 100_000) else { return }
        var places = 0
        for entry in entries where entry.key.parts.contains(head.id.value) {
            switch entry.key.parts[0] {
            case "run", "journal", "snapshot": break
            case "index":
                places += 1
                if entry.key != RunKeys.index(head) { disk.complain("G1: \(head.id) is listed as \(entry.key)") }
            case "inbox": break
            case "question" where head.status == .failed, "kept" where head.status == .failed: break
            case "unsettled": break
            default: disk.complain("G1: \(entry.key) is left of \(head.id), which has ended")
            }
        }
        if places != 1 { disk.complain("G1: \(head.id) is listed \(places) times") }
    }
}
