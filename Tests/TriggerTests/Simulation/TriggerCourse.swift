import Apus
import ApusTesting

/// The course of one ``TriggerSimulation``: trouble, recovery, judgement.
final class TriggerCourse: Sendable {
    private struct State {
        var generator: SeededGenerator
        var lives: [TriggerHostLife?]
        var all: [TriggerHostLife] = []
        var events = 0
        var isCalm = false
        /// What was fired by hand, with what became of it.
        var errands: [String: FiringOutcome?] = [:]
    }

    private let simulator: Simulator
    private let watched: WatchedStorage
    private let plans: [TriggerPlan]
    private let environment: any Environment
    private let disk: FaultyStorage<WatchedStorage>
    private let options: EngineOptions
    private let patience: Int
    private let state: Guarded<State>

    init(
        _ simulator: Simulator, _ watched: WatchedStorage, _ plans: [TriggerPlan], _ environment: any Environment,
        seed: UInt64
    ) {
        self.simulator = simulator
        self.watched = watched
        self.plans = plans
        self.environment = environment
        var generator = SeededGenerator(seed: seed)
        var faults = StorageFaults.drawn(by: generator.next())
        faults.longestDelay = [.milliseconds(5), .milliseconds(300), .seconds(2)][generator.below(3)]
        disk = watched.faulty(
            generator.below(4) == 0 ? .none : faults, seed: generator.next(), environment: environment)
        var options = EngineOptions()
        options.lease = .seconds(3 + generator.below(4))
        options.poll = .milliseconds(500 + generator.below(1_000))
        if generator.below(2) == 0 { options.retention.ended = .seconds(1 + generator.below(5)) }
        self.options = options
        patience = 1 + generator.below(8)
        state = Guarded(State(generator: generator, lives: Array(repeating: nil, count: 1 + generator.below(3))))
    }

    private func draw(_ count: Int) -> Int { state.withLock { $0.generator.below(count) } }
    private func pause(_ longest: Int) async { try? await environment.sleep(for: .milliseconds(1 + draw(longest))) }
    private var isCalm: Bool { state.withLock(\.isCalm) }

    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for slot in state.withLock({ $0.lives.indices }) { try start(slot) }
            group.addTask { await self.produce() }
            group.addTask { await self.fire() }
            group.addTask { await self.meddle() }
            try await trouble(&group)
            try await recover()
        }
        await judge()
        for life in state.withLock(\.all) { await life.finish() }
    }

    private func start(_ slot: Int) throws {
        if let life = state.withLock({ $0.lives[slot] }), !life.isGone { return }
        let number = state.withLock(\.all).count
        let skew = Duration.milliseconds(isCalm ? 0 : draw(1_001) - 500)
        let life = try TriggerHostLife(
            number, simulator, disk, plans, options, skew: skew, environment, patience: patience)
        if isCalm { life.calm() }
        state.withLock { state in
            state.lives[slot] = life
            state.all.append(life)
        }
        life.start()
    }

    private func trouble(_ group: inout ThrowingDiscardingTaskGroup<any Error>) async throws {
        let end = environment.now().advanced(by: .seconds(15 + draw(30)))
        while environment.now() < end {
            await pause(4_000)
            let slot = draw(state.withLock { $0.lives.count })
            guard let life = state.withLock({ $0.lives[slot] }), !life.isGone else {
                if draw(3) > 0 { try start(slot) }
                continue
            }
            switch draw(5) {
            case 0, 1: life.kill()
            case 2: life.stop()
            case 3:
                life.host.pause()
                group.addTask {
                    await self.pause(12_000)
                    life.host.goOn()
                }
            default: break
            }
        }
    }

    private func recover() async throws {
        state.withLock { $0.isCalm = true }
        for life in state.withLock(\.lives).compactMap(\.self) {
            life.calm()
            life.host.goOn()
            life.host.skew = .zero
        }
        for _ in 0..<30 {
            for slot in state.withLock({ $0.lives.indices }) { try start(slot) }
            try await environment.sleep(for: .seconds(1))
        }
    }

    /// Appends to the log.
    private func produce() async {
        while !isCalm {
            await pause(5_000)
            let number = state.withLock { state -> Int in
                defer { state.events += 1 }
                return state.events
            }
            try? await watched.memory.save(environment.now().wallTime, at: LogTrigger.key(number))
        }
    }

    /// Fires by hand until it is known what became of it.
    private func fire() async {
        var number = 0
        while !isCalm {
            await pause(6_000)
            let id = "m\(number)"
            number += 1
            state.withLock { $0.errands[id] = .some(nil) }
            let due = environment.now().wallTime
            while true {
                let lives = state.withLock(\.lives).compactMap(\.self).filter { !$0.isGone }
                if !lives.isEmpty {
                    let hook = lives[draw(lives.count)].hook
                    let outcome = try? await environment.within(.seconds(5)) {
                        try await hook.fire(.string(id), id: id, at: due)
                    } onTimeout: {
                        CancellationError()
                    }
                    if let outcome {
                        state.withLock { $0.errands[id] = .some(outcome) }
                        // Now and then somebody is not sure and fires again.
                        if draw(3) > 0 { break }
                    }
                }
                await pause(draw(4) > 0 ? 1_500 : 15_000)
            }
        }
    }

    /// Pauses, resumes and fills back, as a person would.
    private func meddle() async {
        let desk = Engine(storage: watched, environment: environment, options: options)
        var paused: Set<String> = []
        while !isCalm {
            await pause(15_000)
            let name = plans[draw(plans.count)].name
            switch draw(4) {
            case 0:
                if (try? await desk.pause(trigger: name)) != nil { paused.insert(name) }
            case 1:
                let now = environment.now().wallTime
                let range = now.advanced(by: .seconds(-20))..<now.advanced(by: .seconds(-1 - draw(9)))
                try? await desk.backfill(trigger: "tick", range, atOnce: 1 + draw(2))
            default:
                if paused.remove(name) != nil { try? await desk.resume(trigger: name) }
            }
        }
        for name in paused.sorted() { try? await desk.resume(trigger: name) }
    }

    private func judge() async {
        let now = environment.now().wallTime
        for plan in plans {
            guard let state: TriggerState = try? await watched.memory.load(at: StorageKey("trigger", plan.name)) else {
                watched.complain("\(plan.name) is not there")
                continue
            }
            if let next = plan.schedule?.next(after: state.time), next.advanced(by: .seconds(3)) < now {
                watched.complain("\(plan.name) stands still before \(next.milliseconds), it is \(now.milliseconds)")
            }
            await judge(plan, state, at: now)
        }
        judgeErrands()
    }

    private func judge(_ plan: TriggerPlan, _ state: TriggerState, at now: WallTime) async {
        let idle = now.advanced(by: .seconds(-3))
        if state.active.isEmpty || plan.policy.overlap == .allow, let first = state.waiting.first, first.from < idle {
            watched.complain("\(plan.name): \(first.id) has waited since \(first.from.milliseconds) for nothing")
        }
        for run in state.active + state.filling {
            let head = try? await JournalReader(watched.memory, run).head()
            if head.map({ $0.status.isTerminal && $0.updated < idle }) ?? true {
                watched.complain("\(plan.name) waits for \(run), which is \(head?.status.rawValue ?? "gone")")
            }
        }
        guard plan.kind == .feed else { return }
        let count = self.state.withLock(\.events)
        let wanted = (0..<count).count { LogTrigger.isOfInterest($0) }
        let known = state.started + state.losses.values.reduce(0, +) + state.waiting.count
        if known != wanted || state.position?.rawValue != "\(count - 1)" {
            watched.complain(
                "feed knows of \(known) of \(wanted) events, at \(state.position?.rawValue ?? "none") of \(count)")
        }
    }

    /// What was acknowledged has happened.
    private func judgeErrands() {
        let errands = state.withLock(\.errands)
        for id in errands.keys.sorted() {
            guard let outcome = errands[id] ?? nil else {
                watched.complain("nobody answered to \(id)")
                continue
            }
            let count = watched.created(RunID("hook@\(id)"))
            if case .started = outcome, count != 1 {
                watched.complain("\(id) was said to have started, \(count) runs of it are there")
            }
        }
    }
}
