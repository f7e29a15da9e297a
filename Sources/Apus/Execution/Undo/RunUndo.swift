/// Undoes a run that a worker has taken up, step by step, each written down.
struct RunUndo<State: GraphState> {
    let graph: Graph<State>
    let core: RunCore
    let journal: RunJournal
    let point: Int
    private let planted = Planted()

    init(graph: Graph<State>, core: RunCore, journal: RunJournal, point: Int) {
        self.graph = graph
        self.core = core
        self.journal = journal
        self.point = point
    }

    /// Throws ``RunUndone`` when everything is undone that can be, or ``UndoFailed`` at what stops it.
    func perform() async throws -> Never {
        let excerpt = try await excerpt()
        let compensations = Compensations(excerpt)
        let isForgotten = planted(.undoForgotten) && !compensations.undone.isEmpty
        let goesOn = graph.saga?.obstacle == .goOn
        for step in isForgotten ? [] : compensations.pending(to: point) {
            do {
                if let error = compensations.obstacle(to: step) { throw failed(step, error) }
                try await undo(step, compensations)
            } catch var failed as UndoFailed {
                if goesOn { continue }
                failed.report = try await report()
                throw failed
            }
        }
        throw RunUndone(point: point, report: try await report())
    }

    /// All that is stored of the run; where it can't be read this worker lets go of the run, which has not ended by that.
    private func excerpt() async throws -> JournalExcerpt {
        do {
            let excerpt = try await JournalReader(journal.storage, journal.run).excerpt()
            if let damage = excerpt.damage { throw damage }
            return excerpt
        } catch let error as JournalError {
            await core.activity.leave(error)
            throw CancellationError()
        }
    }

    private func report() async throws -> SagaReport {
        try await journal.store()
        return SagaReport(journal.run, graph, try await excerpt(), to: point)
    }

    private func failed(_ step: Compensations.Step, _ error: String) -> UndoFailed {
        UndoFailed(activation: step.activation, name: step.name, reason: error)
    }

    private func undo(_ step: Compensations.Step, _ past: Compensations) async throws {
        guard let draft = graph.compensation(step.name, of: step.activation.split(separator: "/")[...]) else {
            throw failed(step, "its graph declares no such compensation")
        }
        var (attempt, failures) = (past.attempts(of: step), past.failures(of: step))
        while true {
            try Task.checkCancellation()
            attempt += 1
            do {
                try await perform(step, draft, attempt)
                journal.add(JournalRecord(.compensated, step.activation, name: step.name, number: step.number))
                return try await journal.store()
            } catch  where !Task.isCancelled && journal.failure == nil {
                failures += 1
                let isLast = draft.retry.map { failures >= $0.attempts || !$0.accepts(error) } ?? true
                let note = "\(error)"
                journal.add(
                    JournalRecord(
                        .effectFailed, step.activation, name: step.effect,
                        number: isLast ? Compensations.finalNumber : nil, note: note))
                guard let retry = draft.retry, !isLast else { throw failed(step, note) }
                try await journal.store()
                let chance = core.environment.random()
                try await core.environment.sleep(for: retry.delay(after: failures, error: error, chance: chance))
            }
        }
    }

    private func perform(_ step: Compensations.Step, _ draft: DraftCompensation, _ number: Int) async throws {
        journal.add(
            JournalRecord(.intent, step.activation, name: step.effect, number: number, note: Compensations.kind))
        try await journal.store()
        let context = CompensationContext(
            run: journal.run, activation: step.activation,
            key: EffectKey.text(journal.run, step.activation, step.effect), attempt: number,
            environment: core.environment)
        try await draft.perform(step.record.value ?? Array("null".utf8), context)
    }
}

/// Everything behind a point is undone that can be.
struct RunUndone: Error {
    var point: Int
    var report: SagaReport
}

/// A compensation failed, and what was done before it stays done.
struct UndoFailed: Error, CustomStringConvertible {
    var activation: String
    var name: String
    var reason: String
    var report = SagaReport()

    var description: String { "The compensation \"\(name)\" of \"\(activation)\" failed: \(reason)" }
}

extension SagaReport {
    /// What a journal says was undone since a point, and what is left of it for a person.
    init<State>(_ run: RunID, _ graph: Graph<State>, _ excerpt: JournalExcerpt, to point: Int) {
        let compensations = Compensations(excerpt)
        let steps = compensations.pending(to: point).compactMap { step -> UnsettledWork? in
            let isDeclared = graph.compensation(step.name, of: step.activation.split(separator: "/")[...]) != nil
            let error = compensations.obstacle(to: step)
            if isDeclared, error == nil { return nil }
            return UnsettledWork(
                run: run, activation: step.activation, name: step.name, number: step.number,
                obstacle: isDeclared ? .failed : .undeclared, value: step.record.json,
                key: EffectKey.text(run, step.activation, step.effect), attempts: compensations.attempts(of: step),
                error: error)
        }
        let effects = UndoPlan(run, graph, excerpt, to: point).remaining
            .filter { !compensations.settledEffects.contains($0.id) }
            .map { UnsettledWork($0, of: run) }
        self.init(undone: compensations.undone, left: steps + effects)
    }
}

extension UnsettledWork {
    /// An effect for which nothing was registered.
    fileprivate init(_ entry: LedgerEntry, of run: RunID) {
        self.init(
            run: run, activation: entry.activation, name: entry.name, number: Compensations.effectNumber,
            obstacle: .unregistered, value: entry.result, key: entry.key, attempts: entry.attempts,
            error: entry.isCertain ? nil : "in doubt")
    }
}

extension LedgerEntry {
    fileprivate var result: String? {
        switch outcome {
        case .done(let result): result
        case .resolved(let result): result
        case .failed, .open, .inDoubt: nil
        }
    }

    fileprivate var isCertain: Bool {
        switch outcome {
        case .done, .resolved: true
        case .failed, .open, .inDoubt: false
        }
    }
}
