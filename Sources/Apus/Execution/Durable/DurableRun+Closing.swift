/// How a run that is written down comes to an end, or is let go of.
extension DurableRun {
    /// Writes down how the run ended, or why this worker lets go of it.
    func close(_ result: Result<State, any Error>) async throws {
        switch result {
        case .success: try await journal.release(.completed, record: JournalRecord(.ended, name: "completed"))
        case .failure(let error):
            if let reason = core.activity.reason, !(reason is CancellationError) { return try await letGo(reason) }
            if error is CancellationError {
                guard core.isCancelRequested else { return try await journal.release(.ready) }
                try await beginSaga(.cancellation, error)
                return try await journal.release(.cancelled, record: JournalRecord(.ended, name: "cancelled"))
            }
            if try await closeUndo(error) { return }
            try await beginSaga(.failure, error)
            let note = "\(error)"
            try await journal.release(
                .failed, reason: note, record: JournalRecord(.ended, name: "failed", note: note))
        }
    }

    private func letGo(_ reason: any Error) async throws {
        switch reason {
        case let suspended as RunSuspended:
            let letters = core.keptLetters()
            if core.activity.isOvertaken || core.inbox.isOvertaken, !core.planted(.newsMissedByParking) {
                try await journal.release(.ready, with: letters)
                throw RunSuspended(due: core.environment.now().wallTime)
            }
            try await journal.release(.waiting, due: suspended.due, with: letters)
        case let doubt as EffectInDoubt:
            let note = "\"\(doubt.name)\" of \(doubt.activation)"
            try await journal.release(.inDoubt, reason: note)
            throw JournalError(.inDoubt, run: journal.run, activation: doubt.activation, detail: doubt.name)
        default: throw reason
        }
        throw reason
    }
}
