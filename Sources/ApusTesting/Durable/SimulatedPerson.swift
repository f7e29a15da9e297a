import Apus

/// Whoever uses the engine from outside: starts runs, answers, sends signals, decides about effects in doubt, and makes mistakes.
final class SimulatedPerson<State: GraphState>: Sendable {
    private struct Memory {
        var generator: SeededGenerator
        var cancelled: Set<String> = []
        var answered: Set<String> = []
        var isDone = false
        var hasMended = false
    }

    private let desk: Engine
    private let fleet: SimulatedFleet<State>
    private let disk: SimulatedDisk
    private let outside: SimulatedOutside
    private let workloads: [DurableWorkload<State>]
    private let memory: Guarded<Memory>
    private let mayCancel: Bool

    init(
        _ desk: Engine, _ fleet: SimulatedFleet<State>, _ disk: SimulatedDisk, _ outside: SimulatedOutside,
        _ workloads: [DurableWorkload<State>], mayCancel: Bool, seed: UInt64
    ) {
        self.desk = desk
        self.fleet = fleet
        self.disk = disk
        self.outside = outside
        self.workloads = workloads
        self.mayCancel = mayCancel
        memory = Guarded(Memory(generator: SeededGenerator(seed: SeededGenerator.mix(seed ^ 0x9E25))))
        outside.whoHurries { [weak self] haste, host in self?.hurry(haste, host) }
    }

    static func run(_ number: Int) -> RunID { RunID("run-\(number)") }

    func wasCancelled(_ run: RunID) -> Bool { memory.withLock { $0.cancelled.contains(run.value) } }

    func isOver() { memory.withLock { $0.isDone = true } }

    private func draw(_ bound: Int) -> Int { memory.withLock { $0.generator.below(bound) } }
    private func nonce() -> UInt64 { memory.withLock { $0.generator.next() >> 12 } }

    /// Starts a run, again and again until it is accepted, by way of a process that executes runs or of one that does not.
    func start(_ number: Int) async {
        let isAccepted = Guarded(false)
        while !isAccepted.withLock({ $0 }), !Task.isCancelled {
            let member = fleet.members[draw(fleet.members.count)]
            if let member, !member.isGone, draw(2) == 0 {
                _ = member.engine.environment.spawn { [self] in
                    if await start(number, by: member.engine) { isAccepted.withLock { $0 = true } }
                }
            } else if await start(number, by: desk) {
                if mayCancel, draw(4) == 0 { await cancel(number) }
                return
            }
            try? await desk.environment.sleep(for: .milliseconds(100 + draw(400)))
        }
    }

    private func start(_ number: Int, by engine: Engine) async -> Bool {
        let (workload, run) = (workloads[number], Self.run(number))
        do {
            try await engine.start(workload.graph, from: workload.state, entry: workload.entry, id: run)
            disk.tell("\(desk.environment.now().uptime) \(run) is accepted")
            disk.watch.withLock { watch in
                if watch.runs[run.value] == nil { watch.complain("G2: \(run) was accepted and is not stored") }
            }
            return true
        } catch let error as JournalError where error.code == .storage {
            return false
        } catch {
            disk.complain("G1: \(run) could not be started: \(error)")
            return true
        }
    }

    func cancel(_ number: Int) async {
        let run = Self.run(number)
        memory.withLock { _ = $0.cancelled.insert(run.value) }
        try? await desk.cancel(run)
    }

    /// Does what there is to do now and then.
    func work() async {
        while !memory.withLock({ $0.isDone }), !Task.isCancelled {
            try? await desk.environment.sleep(for: .milliseconds(100 + draw(900)))
            try? await answer()
            await sendSignals()
            // The order to start a run may come twice, also long after it was followed.
            if draw(10) == 0 { _ = await start(draw(workloads.count), by: desk) }
            try? await decide()
            if !disk.hasFaults { try? await mend() }
        }
    }

    private func answer() async throws {
        for question in try await desk.questions() where !disk.hasFaults || draw(3) > 0 {
            guard let number = Int(question.run.value.dropFirst("run-".count)) else { continue }
            let workload = workloads[number]
            // Answers come by way of a process that executes runs, or of one that does not.
            let member = fleet.members[draw(fleet.members.count)]
            if let member, !member.isGone, draw(2) == 0 {
                let (again, nonce, other) = (draw(4) == 0, nonce(), nonce())
                _ = member.engine.environment.spawn {
                    try? await workload.answer(member.engine, question, nonce)
                    if again { try? await workload.answer(member.engine, question, other) }
                }
            } else {
                try? await desk.answer(question.run, question.id, with: "not a reply")
                for _ in 0...draw(2) { try? await workload.answer(desk, question, nonce()) }
            }
        }
    }

    private func sendSignals() async {
        for wish in outside.takeWants() {
            do {
                try await desk.signal(wish.run, wish.name, nonce())
            } catch {
                outside.want(wish)
            }
        }
    }

    /// Says what became of effects in doubt, once nobody can be performing them any more.
    private func decide() async throws {
        for head in try await desk.runs(.inDoubt) {
            let parts = (head.reason ?? "").split(separator: "\"", maxSplits: 2).map(String.init)
            guard parts.count == 2, parts[1].hasPrefix(" of ") else {
                return disk.complain("G1: \(head.id) is in doubt of \(head.reason ?? "nothing")")
            }
            let (name, activation) = (parts[0], String(parts[1].dropFirst(4)))
            let identity = "\(head.id)/\(activation)!\(name)"
            let key = outside.key(of: identity)
            if let key, outside.isUnderWay(key) { continue }
            let result = key.flatMap { outside.result(of: $0) }
            try await desk.resolve(head.id, effect: name, of: activation, as: result)
        }
    }

    /// Lets what failed or was set aside go on.
    private func mend() async throws {
        let dead = try await desk.runs(.dead).filter { $0.reason?.hasPrefix("it was taken up") == true }
        outside.mend()
        for head in dead { try await desk.retry(head.id) }
        for head in try await desk.runs(.failed) where head.reason?.contains("the world is broken") == true {
            try await desk.retry(head.id)
        }
    }
}

/// What is done at once, by way of the process that executes the run or of another one: while its node begins to wait, or ends, or is put away.
extension SimulatedPerson {
    private func hurry(_ haste: SimulatedOutside.Haste, _ host: SimulatedHost) {
        let members = fleet.members.compactMap(\.self)
        guard let here = members.first(where: { $0.host === host }) else { return }
        let engine = (draw(2) == 0 ? here : members[draw(members.count)]).engine
        let pause = draw(40)
        switch haste {
        case .signal(let wish): signal(wish, engine, pause)
        case .answer(let run, let question): answer(run, question, engine, pause)
        case .cancel(let run):
            guard mayCancel else { return }
            memory.withLock { _ = $0.cancelled.insert(run.value) }
            _ = engine.environment.spawn {
                for _ in 0..<pause { await Task.yield() }
                try? await engine.cancel(run)
            }
        }
    }

    private func signal(_ wish: SimulatedOutside.SignalWish, _ engine: Engine, _ pause: Int) {
        let isSent = Guarded(false)
        let nonce = nonce()
        _ = engine.environment.spawn {
            for _ in 0..<pause { await Task.yield() }
            let isDone = (try? await engine.signal(wish.run, wish.name, nonce)) != nil
            isSent.withLock { $0 = isDone }
        }
        // The process may die before.
        _ = desk.environment.spawn { [desk, outside] in
            try? await desk.environment.sleep(for: .seconds(5))
            if !isSent.withLock({ $0 }) { outside.want(wish) }
        }
    }

    private func answer(_ run: RunID, _ id: String, _ engine: Engine, _ pause: Int) {
        guard let number = Int(run.value.dropFirst("run-".count)) else { return }
        let (workload, nonce) = (workloads[number], nonce())
        _ = engine.environment.spawn {
            for _ in 0..<(1 + pause / 4) {
                for _ in 0..<4 { await Task.yield() }
                guard let open = try? await engine.questions(of: run).first(where: { $0.id == id }) else { continue }
                try? await workload.answer(engine, open, nonce)
                return
            }
        }
    }
}
