/// Setting a run aside of which something stored is damaged, and letting it go on.
extension RunJournal {
    /// Lists the run as dead, so that nobody tries it again before somebody has looked at it.
    ///
    /// Where its journal can be continued a frame says so and fences off whoever executes the run; otherwise its head alone does.
    /// A run that has ended stays what it is; if its head was damaged, it is written anew from the journal.
    package func setAside(_ reason: String) async throws {
        let reader = JournalReader(storage, run)
        var head: RunHead?
        do {
            head = try await reader.head()
            if head?.status.isTerminal ?? true { return }
        } catch let error as JournalError where error.code == .damaged {
            head = nil
        }
        let found: (RunPast, JournalEnd)?
        do {
            found = try await reader.past()
        } catch let error as JournalError where error.code == .damaged {
            found = nil
        }
        let ended = found?.0.ended
        var batch = StorageBatch()
        var next: RunHead
        if let head { next = head } else { next = try await rebuiltHead(found?.0, &batch) }
        (next.status, next.reason) = (ended.map(RunHead.Status.init(of:)) ?? .dead, reason)
        (next.worker, next.due) = (nil, nil)
        if found == nil, let head { batch.require(.holds(RunKeys.head(run), try head.sealed)) }
        try next.store(in: &batch, replacing: head)
        guard let found, found.0.began != nil, ended == nil else { return try await storage.commit(batch) }
        resume(found.0, at: found.1)
        add(JournalRecord(.ended, name: "dead", note: reason), with: batch)
        try await store()
    }

    /// What a head that can't be read has said, as far as it is known elsewhere; its old places in the indexes are taken away. The version
    /// of the graph is not known elsewhere.
    private func rebuiltHead(_ past: RunPast?, _ batch: inout StorageBatch) async throws -> RunHead {
        var graph = past?.began?.name ?? ""
        var created = environment.now().wallTime
        var places: [StorageKey] = []
        for key in RunHead.Status.allCases.map({ RunKeys.index($0) }) + [RunKeys.timers] {
            try await storage.each(in: .below(key)) { key, _ in
                guard key.parts.last == run.value else { return }
                places.append(key)
                guard key.parts.count == 5, let moment = StorageKey.number(key.parts[3]) else { return }
                (graph, created) = (key.parts[2], WallTime(milliseconds: Int64(clamping: moment)))
            }
        }
        for place in places { batch.delete(place) }
        var head = RunHead(graph: graph, fingerprint: "unknown", status: .dead, created: created, worker: nil)
        (head.id, head.updated, head.keepsLetters) = (run, environment.now().wallTime, true)
        return head
    }

    /// Opens what failed, and takes away what is damaged beside the journal: what was sent has to be sent again, and what was asked is
    /// asked again.
    package func retry(_ terms: StorageBatch = StorageBatch()) async throws {
        var batch = terms
        var questions: [String] = []
        for range in [RunKeys.inbox(run), RunKeys.kept(run), RunKeys.questions(run)] {
            try await storage.each(in: .below(range)) { key, value in
                if let value, (try? Seal.opened(StorageEntry(key, value), of: run)) != nil { return }
                batch.delete(key)
                if key.parts[0] == "question" { questions.append(key.parts.last ?? "") }
            }
        }
        add(JournalRecord(.retried), with: batch)
        for asked in questions.compactMap({ question($0) }) {
            add(JournalRecord(.withdrawn, asked.activation, name: asked.name))
        }
    }
}

extension RunHead {
    /// As it is stored.
    var sealed: [UInt8] {
        get throws { Seal.sealed(try JSONCoding.encode(self), at: RunKeys.head(id)) }
    }
}

extension RunHead.Status {
    /// What a record says of how a run ended.
    fileprivate init(of record: JournalRecord) {
        self = record.name == "undone" ? .cancelled : Self(rawValue: record.name ?? "") ?? .dead
    }
}
