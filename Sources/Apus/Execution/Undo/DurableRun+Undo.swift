/// Runs that are undone, because somebody asks for it or because their graph does.
extension DurableRun {
    /// Where the graph asks for it, writes down that the run is to be undone, and throws ``SagaBegan``.
    ///
    /// What a person has to look at first is no cause: a journal that does not fit, a storage that fails.
    func beginSaga(_ cause: SagaPolicy.Causes, _ error: any Error) async throws {
        guard let saga = graph.saga, saga.causes.contains(cause), !(error is JournalError), core.replay == nil else {
            return
        }
        let isCancelled = cause == .cancellation
        journal.add(
            JournalRecord(
                .undoing, name: isCancelled ? "cancelled" : "failed", number: 0,
                note: isCancelled ? "cancelled" : "\(error)"))
        try await journal.release(.ready)
        throw SagaBegan(cause: error)
    }

    /// Lets whoever takes up the run undo it: a host, or else this call.
    func goOn(undoing began: SagaBegan) async throws -> State {
        if executor.parks { throw RunSuspended(due: core.environment.now().wallTime) }
        core.emit(.runReleased("what it did is taken back"))
        let next = executor.core(journal.run, graph.name, hub: core.hub)
        guard let journal = next.journal else { preconditionFailure("a run that is written down has a journal") }
        let run = DurableRun(executor: executor, graph: graph, core: next, journal: journal, versions: versions)
        do {
            guard Task.isCancelled else { return try await run.execute(from: nil, entry: nil) }
            // Awaited here: what was cancelled is the work, not the undoing of it.
            return try await core.environment.spawn { try await run.execute(from: nil, entry: nil) }.value
        } catch var failure as SagaFailure {
            failure.underlying = began.cause
            throw failure
        }
    }

    /// Takes back what the run did, and ends it.
    func undo(_ why: JournalRecord) async throws -> State {
        let (graph, core, journal) = (graph, core, journal)
        do {
            return try await closed {
                try await RunUndo(graph: graph, core: core, journal: journal, point: why.number ?? 0).perform()
            }
        } catch let undone as RunUndone {
            if why.name != "failed" { throw CancellationError() }
            throw SagaFailure(run: journal.run, cause: why.note ?? "", report: undone.report)
        } catch let failed as UndoFailed where why.name != nil {
            throw SagaFailure(run: journal.run, cause: why.note ?? "", report: failed.report)
        }
    }

    /// Writes down how far the undoing came; false if the error is of another kind.
    func closeUndo(_ error: any Error) async throws -> Bool {
        let why = journal.past.undoingRecord
        let cause = why?.name.flatMap { _ in why?.note }
        if let undone = error as? RunUndone {
            let list = try list(of: undone.report)
            guard why?.name == "failed" else {
                let text = cause ?? "it was undone back to point \(undone.point)"
                try await journal.release(
                    .cancelled, reason: text + (cause == nil ? "" : undone.report.summary),
                    record: JournalRecord(.ended, name: "undone"), beside: list)
                return true
            }
            try await closeFailed((cause ?? "") + undone.report.summary, cause, undone.report, list)
            return true
        }
        guard let failed = error as? UndoFailed else { return false }
        let text = cause.map { $0 + failed.report.summary } ?? "\(failed)"
        try await closeFailed(text, cause, failed.report, try list(of: failed.report))
        return true
    }

    private func closeFailed(
        _ text: String, _ cause: String?, _ report: SagaReport, _ list: StorageBatch
    ) async throws {
        let value = cause == nil ? nil : try JSONCoding.encode(SagaEnd(cause: cause ?? "", report: report))
        try await journal.release(
            .failed, reason: text, record: JournalRecord(.ended, name: "failed", value: value, note: text),
            beside: list)
    }

    /// What is left for a person, in place of what was.
    private func list(of report: SagaReport) throws -> StorageBatch {
        var batch = StorageBatch()
        batch.delete(.below(RunKeys.unsettled(journal.run)))
        for work in report.left {
            let key = RunKeys.unsettled(journal.run, work.id)
            batch.put(Seal.sealed(try JSONCoding.encode(work), at: key), at: key)
        }
        return batch
    }
}

/// How a run ended that was undone, as it is written down.
struct SagaEnd: Codable {
    var cause: String
    var report: SagaReport

    private enum CodingKeys: String, CodingKey {
        case cause = "c", report = "r"
    }
}

extension SagaFailure {
    /// What a record of an end says, if the run was undone.
    init?(_ end: JournalRecord, of run: RunID) {
        guard let value = end.value, let known = try? JSONCoding.decode(SagaEnd.self, from: value) else { return nil }
        self.init(run: run, cause: known.cause, report: known.report)
    }
}
