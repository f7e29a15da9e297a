/// Undoes a run that a worker has taken up, step by step, each written down.
struct RunUndo<State: GraphState> {
    let graph: Graph<State>
    let core: RunCore
    let journal: RunJournal
    let point: Int

    /// Throws ``RunUndone`` when all is undone, or what a compensation threw in its last attempt.
    func perform() async throws -> Never {
        let excerpt = try await JournalReader(journal.storage, journal.run).excerpt()
        if let damage = excerpt.damage { throw damage }
        let compensations = Compensations(excerpt)
        for step in compensations.pending(to: point) {
            try await undo(step, after: compensations.attempts(of: step))
        }
        throw RunUndone(point: point)
    }

    private func undo(_ step: Compensations.Step, after attempts: Int) async throws {
        guard let draft = graph.compensation(step.name, of: step.activation.split(separator: "/")[...]) else {
            throw JournalError(
                .doesNotFit, run: journal.run, activation: step.activation,
                detail: "its graph has no compensation \"\(step.name)\"")
        }
        var attempt = 1
        while true {
            try Task.checkCancellation()
            do {
                try await perform(step, draft, attempts + attempt)
                journal.add(JournalRecord(.compensated, step.activation, name: step.name, number: step.number))
                return try await journal.store()
            } catch  where !Task.isCancelled && journal.failure == nil {
                let note = "\(error)"
                journal.add(JournalRecord(.effectFailed, step.activation, name: step.effect, note: note))
                guard let retry = draft.retry, attempt < retry.attempts, retry.accepts(error) else {
                    throw UndoFailed(activation: step.activation, name: step.name, reason: note)
                }
                let chance = core.environment.random()
                try await core.environment.sleep(for: retry.delay(after: attempt, error: error, chance: chance))
                attempt += 1
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

/// Everything behind a point is undone.
struct RunUndone: Error {
    var point: Int
}

/// A compensation failed, and what was done before it stays done.
struct UndoFailed: Error, CustomStringConvertible {
    var activation: String
    var name: String
    var reason: String

    var description: String { "The compensation \"\(name)\" of \"\(activation)\" failed: \(reason)" }
}
