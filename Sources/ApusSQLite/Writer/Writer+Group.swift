import Apus
import CSQLite

extension Writer {
    /// How far a transaction got.
    private enum Stage { case beginning, applying, committing }

    /// Applies all members in one transaction and answers each. What one of them requires is looked up behind the writes of those
    /// before it; a refused member leaves nothing, and the others go on.
    func commit(_ group: [CommitMember]) {
        var group = group
        var stage = Stage.beginning
        do {
            let table = try ready()
            let now = core.environment.now()
            try table.beginTransaction()
            stage = .applying
            for index in group.indices { try apply(&group[index], table, now.wallTime) }
            if group.contains(where: { $0.refusal == nil }) {
                try reclaimNowAndThen(table, now)
                stage = .committing
                try table.commitTransaction()
            } else {
                table.connection.rollBack()
            }
        } catch {
            return fail(group, error, hadBegun: stage != .beginning, wasCommitting: stage == .committing)
        }
        note(group)
        for member in group { member.finish(member.refusal) }
    }

    /// Applies one member inside the transaction. It throws only what concerns the whole group.
    private func apply(_ member: inout CommitMember, _ table: EntryTable, _ now: WallTime) throws {
        if case .transact(let job) = member.work {
            guard !member.hasRun else { return }
            member.hasRun = true
            try table.connection.run("SAVEPOINT member")
            do {
                member.batch = try SQLiteTransaction.perform(job.body, on: table.connection)
            } catch {
                member.refusal = error
            }
            guard table.connection.isInTransaction else { throw SQLiteFailure.rolledBack }
        }
        do {
            if member.refusal == nil { member.refusal = try refusal(of: member.batch, table, now) }
            if member.refusal == nil { for write in member.batch.writes { try table.apply(write) } }
        }
        if case .transact = member.work {
            if member.refusal != nil { try table.connection.run("ROLLBACK TO member") }
            try table.connection.run("RELEASE member")
        }
    }

    private func refusal(of batch: StorageBatch, _ table: EntryTable, _ now: WallTime) throws -> StorageError? {
        for case .put(let key, let value, _) in batch.writes {
            if key.bytes.count > StorageKey.maximumLength {
                return StorageError(.tooLarge, detail: "a key has \(key.bytes.count) bytes")
            }
            if value.count > core.file.options.maximumValueLength {
                return StorageError(.tooLarge, key: key, detail: "the value has \(value.count) bytes")
            }
        }
        return try table.refusal(of: batch, now)
    }

    private func note(_ group: [CommitMember]) {
        let applied = group.count { $0.refusal == nil }
        core.count { statistics in
            statistics.commits += applied
            statistics.refusals += group.count - applied
            statistics.transactions += applied > 0 ? 1 : 0
            statistics.largestGroup = max(statistics.largestGroup, applied)
        }
        guard core.watchers.isWatched else { return }
        for member in group where member.refusal == nil { core.watchers.notify(of: member.batch.writes) }
    }
}

extension SQLiteFailure {
    /// A statement of a caller ended the transaction that it was part of.
    static let rolledBack = SQLiteFailure(code: SQLITE_ABORT, message: "a statement rolled the transaction back")
}
