/// Work that waits for its turn.
extension Engine {
    /// Lets this engine lead a queue when no other one does, and start what waits in it; the graphs of its work have to be registered.
    ///
    /// Hosting a queue of the same name again changes its limits and its strategy, for what is decided from then on.
    public func host(_ queue: WorkQueue) {
        let lead = QueueLead(queue)
        let known = table.withLock { table -> QueueLead? in
            if let known = table.leads[queue.name] { return known }
            table.leads[queue.name] = lead
            table.newLeads.append(lead)
            return nil
        }
        if let known { return known.change(queue) }
        listen(to: lead.keys.group) { run, status in lead.ended(run, status) }
        bell.ring()
    }

    /// Puts a run into a queue, and returns when it is certain to be started; an engine that hosts the queue does that.
    ///
    /// The run has the id that is returned. Enqueuing the same under the same `id` again does nothing. With a singleton that is there
    /// already, its id is returned. Throws ``QueueError`` if the queue is full or the id is taken.
    @discardableResult
    public func enqueue<State: GraphState>(
        _ graph: Graph<State>, from state: State, in queue: String, _ terms: WorkTerms = WorkTerms(),
        entry: String? = nil, id: RunID? = nil
    ) async throws -> RunID {
        try await enqueue(graph, from: [(state, id)], in: queue, terms, entry: entry)[0]
    }

    /// Puts several runs into a queue in one commit: all of them, or none.
    @discardableResult
    public func enqueue<State: GraphState>(
        _ graph: Graph<State>, fromEach states: [State], in queue: String, _ terms: WorkTerms = WorkTerms(),
        entry: String? = nil
    ) async throws -> [RunID] {
        precondition(terms.singleton == nil || states.count < 2, "a singleton can't be several")
        return try await enqueue(graph, from: states.map { ($0, nil) }, in: queue, terms, entry: entry)
    }

    /// Puts work into a queue that is done together with other work: `merge` adds its state to that of what waits already.
    ///
    /// One run does it all; its id is returned, to each who had a part in it. It starts when the batch is full or has waited long
    /// enough. The key, the priority and the expiry are those of the first.
    @discardableResult
    public func enqueue<State: GraphState>(
        _ graph: Graph<State>, from state: State, in queue: String, _ terms: WorkTerms = WorkTerms(),
        joining batch: WorkBatch, by merge: (inout State, State) throws -> Void
    ) async throws -> RunID {
        var terms = terms
        (terms.delay, terms.singleton) = (batch.within, .keep("batch:\(batch.name)"))
        let stored = try works(graph, from: [(state, nil)], terms, entry: nil)[0]
        return try await door(queue).join(stored, batch) { waiting in
            var whole = try JSONCoding.decode(State.self, from: waiting)
            try merge(&whole, state)
            return try JSONCoding.encode(whole)
        }
    }

    private func door(_ queue: String) -> QueueDoor {
        QueueDoor(storage: storage, keys: QueueKeys(queue), lead: table.withLock { $0.leads[queue] })
    }

    private func enqueue<State: GraphState>(
        _ graph: Graph<State>, from states: [(State, RunID?)], in queue: String, _ terms: WorkTerms, entry: String?
    ) async throws -> [RunID] {
        let works = try works(graph, from: states, terms, entry: entry)
        return try await door(queue).put(works, terms.singleton)
    }

    private func works<State: GraphState>(
        _ graph: Graph<State>, from states: [(State, RunID?)], _ terms: WorkTerms, entry: String?
    ) throws -> [StoredWork] {
        let now = environment.now().wallTime
        return try states.map { state, id in
            let id = id ?? RunID(from: environment)
            let json: [UInt8]
            do {
                json = try JSONCoding.encode(state)
            } catch {
                throw JournalError(.coding, run: id, detail: "its first state: \(error)")
            }
            let work = QueuedWork(
                id, graph: graph.name, entry: entry, key: terms.key, priority: terms.priority, enqueued: now,
                notBefore: terms.delay.map { now.advanced(by: $0) }, expires: terms.expiry.map { now.advanced(by: $0) },
                singleton: terms.singleton?.name)
            return StoredWork(work, state: json)
        }
    }

    /// Takes work out of a queue that has not been started; returns whether it waited. To stop a run, ``cancel(_:)`` it.
    @discardableResult
    public func dequeue(_ run: RunID, from queue: String) async throws -> Bool {
        let keys = QueueKeys(queue)
        while let entry = try await storage.read([keys.waiting(run)])[0] {
            var batch = StorageBatch()
            batch.require(.holds(entry.key, entry.value))
            batch.delete(entry.key)
            if let name = try? StoredWork(entry).work.singleton { batch.delete(keys.singleton(name)) }
            do {
                try await storage.commit(batch)
                table.withLock { $0.leads[queue] }?.dropped(run)
                return true
            } catch let error as StorageError where error.code == .conflict {}
        }
        return false
    }

    /// Returns when work of a queue has been started and its run has ended, with how.
    ///
    /// Throws ``QueueError/Code/gaveUp`` when it has become a dead letter, and ``JournalError/Code/unknownRun`` when it is neither in the queue
    /// nor a run.
    public func outcome(of run: RunID, from queue: String) async throws -> RunHead {
        let keys = QueueKeys(queue)
        while true {
            let found = try await storage.read([keys.dead(run), keys.waiting(run), RunKeys.head(run), keys.active(run)])
            if found[0] != nil { throw QueueError(.gaveUp, queue: queue, run: run) }
            guard let entry = found[2] else {
                if found[1] == nil, try await storage.value(at: RunKeys.head(run)) == nil {
                    throw JournalError(.unknownRun, run: run)
                }
                try await change(of: run)
                continue
            }
            let head = try RunHead(entry, id: run)
            // A run that failed may be let go on until it is no longer active.
            if head.status == .completed || head.status == .cancelled || head.status.isTerminal && found[3] == nil {
                return head
            }
            try await change(of: run)
        }
    }

    /// The work that waits in a queue, in no order that means something; `after` is the last one of the page before.
    public func queued(in queue: String, after last: RunID? = nil, limit: Int = 100) async throws -> [QueuedWork] {
        let keys = QueueKeys(queue)
        var range = StorageRange.below(keys.allWaiting)
        if let last { range = range.after(keys.waiting(last)) }
        return try await storage.scan(range, limit: limit).compactMap { try? StoredWork($0).work }
    }
}

/// Work that was given up.
extension Engine {
    /// The work of a queue that expired, failed for good or could not be started, and why.
    public func deadLetters(of queue: String, limit: Int = 100) async throws -> [DeadLetter] {
        try await storage.scan(.below(QueueKeys(queue).allDead), limit: limit).compactMap { entry in
            guard let stored = try? StoredWork(entry) else { return nil }
            return DeadLetter(
                work: stored.work, reason: stored.reason ?? "", moment: stored.moment ?? stored.work.enqueued,
                attempts: stored.attempt)
        }
    }

    /// Puts a dead letter into its queue again, without its delay and its expiry: a run that failed goes on where it failed. Throws
    /// ``QueueError/Code/unknownLetter`` if there is no such one.
    public func redeliver(_ run: RunID, of queue: String) async throws {
        let keys = QueueKeys(queue)
        guard let entry = try await storage.read([keys.dead(run)])[0] else {
            throw QueueError(.unknownLetter, queue: queue, run: run)
        }
        var stored = try StoredWork(entry)
        (stored.work.notBefore, stored.work.expires, stored.work.singleton) = (nil, nil, nil)
        (stored.reason, stored.moment) = (nil, nil)
        var batch = StorageBatch()
        batch.require(.holds(entry.key, entry.value))
        batch.delete(entry.key)
        batch.put(try stored.sealed(at: keys.waiting(run)), at: keys.waiting(run))
        batch.put([], at: keys.news(run))
        try await storage.commit(batch)
        table.withLock { $0.leads[queue] }?.bell.ring()
    }

    /// Forgets a dead letter; returns whether there was one. A run that failed stays as it is.
    @discardableResult
    public func drop(_ run: RunID, of queue: String) async throws -> Bool {
        let key = QueueKeys(queue).dead(run)
        var batch = StorageBatch()
        batch.require(.present(key))
        batch.delete(key)
        do {
            try await storage.commit(batch)
            return true
        } catch let error as StorageError where error.code == .conflict {
            return false
        }
    }
}

/// Work that was given up, and why.
public struct DeadLetter: Sendable, Hashable {
    public var work: QueuedWork
    public var reason: String
    public var moment: WallTime
    /// How often its run was started or taken up again.
    public var attempts: Int
}
