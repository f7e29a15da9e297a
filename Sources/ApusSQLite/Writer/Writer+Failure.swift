import Apus
import CSQLite

extension Writer {
    /// Answers a group whose transaction failed as a whole.
    func fail(_ group: [CommitMember], _ error: any Error, hadBegun: Bool, wasCommitting: Bool) {
        table?.connection.rollBack()
        guard let failure = error as? SQLiteFailure else { return answer(group, error) }
        if failure.isIO {
            let isKnown = !wasCommitting || settleAfterFailure()
            judge(failure)
            return answer(group, isKnown ? failure : StorageError(.unknownOutcome, detail: failure.storageError.detail))
        }
        let isShared = hadBegun && group.count > 1 && ![SQLITE_FULL, SQLITE_BUSY].contains(failure.primary)
        guard isShared else { return answer(group, failure) }
        // One of them met damage or an oversize; alone, the others go through.
        for member in group {
            if member.hasRun {
                answer([member], failure)
            } else {
                commit([CommitMember(member.work)])
            }
        }
    }

    /// Nothing of a group was applied, or nobody knows. What was refused alone was certainly not.
    private func answer(_ group: [CommitMember], _ error: any Error) {
        for member in group {
            let isUnknown = (error as? StorageError)?.code == .unknownOutcome
            if isUnknown, member.refusal != nil {
                member.finish(StorageError(.unavailable, detail: "the transaction it was part of failed"))
            } else if member.hasRun, let refusal = member.refusal {
                member.finish(refusal)
            } else {
                member.finish(error)
            }
        }
    }

    /// Whether what failed to be written is now certainly not there.
    ///
    /// The pages of a failed commit may stand at the end of the log, and a crash would find them. A next commit takes their place.
    private func settleAfterFailure() -> Bool {
        core.isUnsettled = true
        guard let table else { return false }
        return (try? settle(table.connection)) != nil
    }

    /// Commits something of no meaning, so that nothing which failed before can come back.
    func settle(_ connection: Connection) throws {
        do {
            try connection.run("BEGIN IMMEDIATE")
            try connection.run("UPDATE apus SET value = value + 1 WHERE name = 'settled'")
            try connection.run("COMMIT")
            core.isUnsettled = false
        } catch {
            connection.rollBack()
            throw error
        }
    }
}
