import Apus
import Synchronization

extension PlantedStorage {
    func commit(_ batch: StorageBatch) async throws {
        state.withLock { $0.underWay += 1 }
        defer { state.withLock { $0.underWay -= 1 } }
        if bug == .toldTooEarly {
            tell(of: batch.writes)
            await Task.yield()
        }
        switch bug {
        case .lostUpdate:
            try state.withLock { try check(batch, $0) }
            await Task.yield()
            state.withLock { state in for write in batch.writes { apply(write, &state) } }
        case .halfBatchSeen, .cancelledHalf: try await commitInSteps(batch)
        case .conflictSpreads:
            await Task.yield()
            try commitInGroup(batch)
        default: try state.withLock { try commit(batch, &$0) }
        }
        if bug != .toldTooEarly { tell(of: batch.writes) }
        if bug == .cancelledApplied { try Task.checkCancellation() }
    }

    private func commitInSteps(_ batch: StorageBatch) async throws {
        try state.withLock { try check(batch, $0) }
        for write in batch.writes {
            if bug == .cancelledHalf { try Task.checkCancellation() }
            state.withLock { apply(write, &$0) }
            await Task.yield()
        }
    }

    /// Takes other commits along when it is in conflict.
    private func commitInGroup(_ batch: StorageBatch) throws {
        try state.withLock { state in
            if state.doomed > 0 {
                state.doomed -= 1
                throw StorageError(.conflict, key: batch.preconditions.first?.key)
            }
            do { try commit(batch, &state) } catch {
                state.doomed = state.underWay - 1
                throw error
            }
        }
    }

    /// Checks and applies a batch in one go.
    func commit(_ batch: StorageBatch, _ state: inout State) throws {
        if state.isGone { throw StorageError(.closed) }
        let before = state
        if bug == .firstWriteUnchecked, let first = batch.writes.first { apply(first, &state) }
        do {
            if bug != .checkedAfterWrites { try check(batch, bug == .firstWriteUnchecked ? before : state) }
            var writes = batch.writes
            if bug == .deletesLast { writes = writes.filter { !$0.isDelete } + writes.filter(\.isDelete) }
            for write in writes { apply(write, &state) }
            if bug == .checkedAfterWrites { try check(batch, state) }
        } catch {
            if bug == .checkedAfterWrites { state = before }
            throw error
        }
        state.beforeLast = before.rows
        state.lastWrites = batch.writes
    }

    private func check(_ batch: StorageBatch, _ state: State) throws {
        var preconditions = batch.preconditions
        if bug == .preconditionsIgnored { return }
        if bug == .lastPreconditionIgnored, preconditions.count > 1 { preconditions.removeLast() }
        if bug == .laterConflictNamed { preconditions.reverse() }
        for precondition in preconditions where !holds(precondition, state) {
            throw StorageError(.conflict, key: bug == .conflictNamesNothing ? nil : precondition.key)
        }
    }

    private func holds(_ precondition: StorageBatch.Precondition, _ state: State) -> Bool {
        let value = entry(at: precondition.key, state, .precondition)?.value
        switch precondition {
        case .absent: return value == nil || bug == .emptyCountsAsAbsent && value == []
        case .present: return value != nil
        case .holds(_, let wanted):
            guard let value else { return false }
            return bug == .holdsComparesBeginning ? value.starts(with: wanted) : value == wanted
        }
    }

    func apply(_ write: StorageBatch.Write, _ state: inout State) {
        switch write {
        case .put(let key, let value, let expires):
            var row = Row(key: stored(key), value: value, expires: expires)
            if bug == .oldExpiryStays, expires == nil { row.expires = state.rows[row.key]?.expires }
            if bug == .valueCut { row.value = Array(value.prefix(65_535)) }
            state.remembered[key] = nil
            state.rows[row.key] = bug == .emptyValueDropped && value.isEmpty ? nil : row
        case .delete(let key):
            if bug == .deletesByPattern, key.bytes.last == UInt8(ascii: "%") {
                let beginning = key.bytes.dropLast()
                state.rows = state.rows.filter { !$0.key.bytes.starts(with: beginning) }
            }
            state.remembered[key] = nil
            state.rows[stored(key)] = nil
        case .deleteRange(let range):
            let upper = bug == .rangeDeletesUpperBound ? range.upper : nil
            state.rows = state.rows.filter { !range.contains($0.key) && $0.key != upper }
        }
    }
}

extension StorageBatch.Write {
    fileprivate var isDelete: Bool {
        if case .put = self { false } else { true }
    }
}
