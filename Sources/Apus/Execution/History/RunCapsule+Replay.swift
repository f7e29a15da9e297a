extension RunCapsule {
    /// Runs the run in the capsule once more, without its back ends: nodes run for real, while what effects came to, answers,
    /// signals, sleeps and the order of races are taken from the capsule.
    ///
    /// Whatever comes out differently is reported with its activation. A capsule that is checked in beside a test therefore says when
    /// the code no longer does what it did. What a fork took over is not run again, and neither is what happened after the run was
    /// undone. Throws ``JournalError`` if the capsule is damaged or of another graph.
    @concurrent
    public func replay<State: GraphState>(
        on graph: Graph<State>, environment: any Environment = .live, limits: GraphLimits = GraphLimits()
    ) async throws -> CapsuleReport<State> {
        let records = try excerpt().entries
        let replay = try CapsuleReplay(
            self, graph, records, CapsuleEnvironment(environment, after: records.end), limits)
        return try await replay.perform()
    }
}

extension [JournalExcerpt.Entry] {
    fileprivate var end: WallTime { last?.time ?? WallTime(milliseconds: 0) }
}

/// One replay of a capsule.
private struct CapsuleReplay<State: GraphState> {
    let run: RunID
    let graph: Graph<State>
    let environment: CapsuleEnvironment
    let limits: GraphLimits
    /// What was taken over from another run, and what the run did itself.
    let takenOver: [JournalRecord]
    let own: [JournalRecord]
    let initial: State
    let entry: String?

    init(
        _ capsule: RunCapsule, _ graph: Graph<State>, _ entries: [JournalExcerpt.Entry],
        _ environment: CapsuleEnvironment, _ limits: GraphLimits
    ) throws {
        run = capsule.run
        self.graph = graph
        self.environment = environment
        self.limits = limits
        var records = entries.map(\.record).prefix { $0.tag != .undoing }
        // Of a run that was migrated what its last graph did is replayed.
        if let beginning = records.lastIndex(where: { $0.tag == .began }) {
            let effects = records[..<beginning].filter {
                [.intent, .effect, .effectFailed, .resolved].contains($0.tag)
            }
            records = [records[beginning]] + effects + records[(beginning + 1)...]
        }
        var beginning = RunPast()
        if let first = records.first { beginning.add(first) }
        guard let began = beginning.began, let json = began.value else {
            throw JournalError(.damaged, run: run, detail: "its first frame is missing")
        }
        guard began.name == graph.name else {
            throw JournalError(.otherRun, run: run, detail: "it runs the graph \"\(began.name ?? "")\"")
        }
        do {
            initial = try JSONCoding.decode(State.self, from: json)
        } catch {
            throw JournalError(.coding, run: run, detail: "its first state: \(error)")
        }
        entry = began.note
        let own = records.lastIndex { $0.tag == .forked }.map { $0 + 1 } ?? 0
        takenOver = Array(records.prefix(own))
        self.own = Array(records.dropFirst(own))
    }

    func perform() async throws -> CapsuleReport<State> {
        let storage = MemoryStorage(environment: environment)
        let executor = GraphExecutor(
            environment: environment, limits: limits, storage: storage, durability: .onSuspend)
        let journal = RunJournal(run, storage, .onSuspend, environment)
        journal.resume(past, at: JournalEnd())
        let inputs = CapsuleInputs(own)
        let core = RunCore(environment, run, limits, graph: graph.name, hub: nil, journal: journal, replay: inputs)
        core.activity.allowParking()
        var state: State?
        var failure: String?
        do {
            state = try await DurableRun(executor: executor, graph: graph, core: core, journal: journal)
                .run(from: initial, entry)
        } catch is RunSuspended {
            failure = nil
        } catch {
            try Task.checkCancellation()
            failure = "\(error)"
        }
        try await journal.store()
        let replayed = try await JournalReader(storage, run).excerpt().entries.map(\.record)
        return CapsuleReport(state: state, failure: failure, differences: inputs.unknown + differences(replayed))
    }

    /// What the journal of the replay begins with: what was taken over, and what came from outside.
    private var past: RunPast {
        var past = RunPast()
        for record in takenOver { past.add(record) }
        for record in own {
            switch record.tag {
            case .snapshot: if past.isEmpty { past.add(record) }
            case .began, .effect, .resolved, .answered, .expired, .slept, .signalled, .element, .elementFailed:
                past.add(record)
            case .retried where record.activation == nil: past.add(record)
            default: break
            }
        }
        return past
    }

    private func differences(_ replayed: [JournalRecord]) -> [ReplayDifference] {
        let kit = graph.kit
        let isWhole = own.contains { $0.tag == .ended && $0.name == "completed" }
        return EndingComparison(recorded: own, replayed: replayed, isWhole: isWhole) { one, other in
            guard let change = try? kit.decode(one), let second = try? kit.decode(other) else { return false }
            return change == second
        }.differences()
    }
}
