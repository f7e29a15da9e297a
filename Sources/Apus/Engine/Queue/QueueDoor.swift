/// The way into a queue.
struct QueueDoor {
    let storage: any Storage
    let keys: QueueKeys
    /// The lead of the queue in this engine, which hears of it at once if it is in office.
    let lead: QueueLead?

    /// Puts work into the queue; returns the ids of what is there then.
    func put(_ works: [StoredWork], _ singleton: WorkTerms.Singleton?) async throws -> [RunID] {
        try checkRoom(for: works)
        if let singleton { return [try await put(works[0], singleton)] }
        try await commit(works, StorageBatch())
        return works.map(\.work.id)
    }

    private func checkRoom(for works: [StoredWork]) throws {
        if let lead, lead.isFull(works.count) { throw QueueError(.full, queue: keys.queue, run: works.first?.work.id) }
    }

    /// Stores work under the conditions of `terms`, if possible where the lead of this engine sees it without looking.
    private func commit(_ works: [StoredWork], _ terms: StorageBatch, replacing isThere: Bool = false) async throws {
        while true {
            let office = lead?.office
            do {
                try await storage.commit(try batch(works, terms, office, replacing: isThere))
                if office != nil { lead?.arrived(works.map(\.work)) } else { lead?.bell.ring() }
                return
            } catch let error as StorageError where error.code == .conflict {
                if let office, try await storage.value(at: keys.lead) != office {
                    lead?.resign(office)
                    continue
                }
                if !isThere, try await self.isThere(works) { return }
                throw error
            } catch let error as StorageError where error.code == .unknownOutcome && !isThere {
                guard try await self.isThere(works) else { throw error }
                lead?.arrived(works.map(\.work))
                return
            }
        }
    }

    private func batch(
        _ works: [StoredWork], _ terms: StorageBatch, _ office: [UInt8]?, replacing isThere: Bool
    ) throws -> StorageBatch {
        var batch = terms
        if let office { batch.require(.holds(keys.lead, office)) }
        for stored in works {
            let run = stored.work.id
            if !isThere {
                batch.require(.absent(RunKeys.head(run)))
                batch.require(.absent(keys.waiting(run)))
            }
            batch.put(try stored.sealed(at: keys.waiting(run)), at: keys.waiting(run))
            if office == nil { batch.put([], at: keys.news(run)) }
        }
        return batch
    }

    /// Whether exactly this waits there already, or was started; throws if something else of one of the ids is there.
    private func isThere(_ works: [StoredWork]) async throws -> Bool {
        let found = try await storage.read(works.flatMap { [keys.waiting($0.work.id), RunKeys.head($0.work.id)] })
        if found.allSatisfy({ $0 == nil }) { return false }
        for (index, stored) in works.enumerated() {
            if let waiting = found[2 * index] {
                let other = try StoredWork(waiting)
                if other.work.graph == stored.work.graph, other.work.entry == stored.work.entry,
                    other.state == stored.state
                {
                    continue
                }
            } else if let head = found[2 * index + 1], try RunHead(head, id: stored.work.id).group == keys.group {
                continue
            }
            throw QueueError(.otherWork, queue: keys.queue, run: stored.work.id)
        }
        return true
    }
}

extension QueueDoor {
    /// Puts the only one of its kind into the queue, or keeps the one that is there.
    private func put(_ stored: StoredWork, _ singleton: WorkTerms.Singleton) async throws -> RunID {
        let key = keys.singleton(singleton.name)
        while true {
            let holder = try await storage.value(at: key)
            var terms = StorageBatch()
            terms.require(holder.map { .holds(key, $0) } ?? .absent(key))
            terms.put(Array(stored.work.id.value.utf8), at: key)
            var next = stored
            if let holder {
                let run = RunID(String(decoding: holder, as: UTF8.self))
                guard case .debounce(_, let limit) = singleton else { return run }
                if let entry = try await storage.read([keys.waiting(run)])[0] {
                    let old = try StoredWork(entry)
                    terms.require(.holds(entry.key, entry.value))
                    terms.delete(entry.key)
                    next.work.enqueued = old.work.enqueued
                    let latest = old.work.enqueued.advanced(by: limit)
                    if let moment = next.work.notBefore { next.work.notBefore = min(moment, latest) }
                }
            }
            do {
                try await commit([next], terms)
                if let holder { lead?.dropped(RunID(String(decoding: holder, as: UTF8.self))) }
                return stored.work.id
            } catch let error as StorageError where error.code == .conflict {
                try Task.checkCancellation()
            }
        }
    }
}

extension QueueDoor {
    /// Adds work to what waits of its batch, or begins a batch with it; returns the id of the run that does it.
    func join(
        _ stored: StoredWork, _ batch: WorkBatch, by merge: ([UInt8]) throws -> [UInt8]
    ) async throws -> RunID {
        guard let name = stored.work.singleton else { preconditionFailure("a batch has a name") }
        try checkRoom(for: [stored])
        let key = keys.singleton(name)
        while true {
            let holder = try await storage.value(at: key)
            var terms = StorageBatch()
            terms.require(holder.map { .holds(key, $0) } ?? .absent(key))
            var next = stored
            let run = holder.map { RunID(String(decoding: $0, as: UTF8.self)) }
            let entry = run == nil ? nil : try await storage.read([keys.waiting(run ?? RunID(""))])[0]
            if let entry {
                next = try StoredWork(entry)
                next.state = try merge(next.state)
                next.count += 1
                terms.require(.holds(entry.key, entry.value))
            }
            // The next one begins another batch.
            let isFull = next.count >= batch.limit
            if isFull { (next.work.notBefore, next.work.singleton) = (nil, nil) }
            if isFull { terms.delete(key) } else { terms.put(Array(next.work.id.value.utf8), at: key) }
            do {
                try await commit([next], terms, replacing: entry != nil)
                return next.work.id
            } catch let error as StorageError where error.code == .conflict {
                try Task.checkCancellation()
            }
        }
    }
}
