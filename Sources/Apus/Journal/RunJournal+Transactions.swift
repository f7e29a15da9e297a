extension RunJournal {
    /// Lets `body` act on the database that holds the journal, and stores the record it returns in the same transaction.
    ///
    /// A transaction that the storage could not take is tried again, as a frame is.
    package func transact<Space: TransactionalStorage, Value: Sendable>(
        in space: Space, _ body: @escaping @Sendable (Space.Transaction) throws -> (Value, JournalRecord)
    ) async throws -> Value {
        let place = try await takeTurn()
        var attempt = 1
        while true {
            do {
                return try await transact(in: space, at: place, body)
            } catch let error as StorageError {
                guard error.failureKind == .transient, attempt < JournalCommit.attempts, !planted(.transactionGivenUp)
                else {
                    endTurn(nil as Said<Value>?)
                    if error.failureKind != .transient || planted(.transactionGivenUp) { throw error }
                    throw JournalError(.storage, run: run, underlying: error)
                }
            }
            do {
                try await JournalCommit.pause(attempt, environment)
            } catch {
                endTurn(nil as Said<Value>?)
                throw error
            }
            attempt += 1
        }
    }

    /// One attempt; a ``StorageError`` leaves the turn with the caller, everything else ends it.
    private func transact<Space: TransactionalStorage, Value: Sendable>(
        in space: Space, at place: Place,
        _ body: @escaping @Sendable (Space.Transaction) throws -> (Value, JournalRecord)
    ) async throws -> Value {
        let said = Guarded<Said<Value>?>(nil)
        do {
            let value = try await space.transact { transaction -> (Value, StorageBatch) in
                let (value, record) = try body(transaction)
                let (bytes, link) = JournalFrame.encode(
                    [record], run: self.run, sequence: place.end.sequence, at: place.time, after: place.end.link)
                said.withLock { $0 = Said(value: value, record: record, bytes: bytes, link: link) }
                var batch = StorageBatch()
                let isFenced = !self.planted(.transactionWithoutFence)
                place.end.store(bytes, in: &batch, of: self.run, isFenced: isFenced)
                return (value, batch)
            }
            endTurn(said.withLock { $0 })
            return value
        } catch let error as StorageError {
            let known = said.withLock { $0 }
            guard let known, try await isStored(known, place, after: error) else { throw error }
            endTurn(known)
            return known.value
        } catch {
            endTurn(nil as Said<Value>?)
            throw error
        }
    }

    private struct Said<Value: Sendable>: Sendable {
        var value: Value
        var record: JournalRecord
        var bytes: [UInt8]
        var link: JournalLink
    }

    private func isStored<Value>(_ said: Said<Value>, _ place: Place, after error: StorageError) async throws -> Bool {
        let commit = JournalCommit(
            run: run, key: RunKeys.frame(run, place.end.sequence), bytes: said.bytes, link: said.link,
            batch: StorageBatch(), end: place.end, count: 1)
        do {
            return try await commit.isStored(storage, environment, after: error)
        } catch {
            endTurn(nil as Said<Value>?)
            close(error)
            throw error
        }
    }

    private func endTurn<Value>(_ said: Said<Value>?) { endTurn(said.map { ($0.record, $0.link, $0.bytes) }) }
}
