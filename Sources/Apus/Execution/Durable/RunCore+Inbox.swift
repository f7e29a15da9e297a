extension RunCore {
    /// Takes in what was sent to the run and stored. Before the run is this worker's, another one may take the same.
    ///
    /// Throws ``JournalError/Code/damaged`` if a letter is not what was sent.
    func readInbox() async throws {
        guard let journal, journal.isClaimed || planted(.lettersReadEarly) else { return }
        let keeps = journal.head?.keepsLetters == true
        for key in (keeps ? [RunKeys.kept(journal.run)] : []) + [RunKeys.inbox(journal.run)] {
            try await journal.storage.each(in: .below(key)) { key, value in
                let letter = try RunInbox.Letter(StorageEntry(key, value ?? []), of: journal.run)
                if letter.topic == .cancel { cancelRequested() } else { inbox.deliver(letter) }
            }
        }
    }

    /// Takes back what others see of a wait that was cancelled. Where this worker lets go of the run, all of it stays: whoever takes the
    /// run up waits for the same again.
    func withdraw(_ topic: RunInbox.Letter.Topic, _ record: JournalRecord) {
        if activity.reason != nil { return }
        var batch = StorageBatch()
        switch topic {
        case .answer(let question):
            let late = inbox.close(question)
            guard let journal else { return }
            batch.delete(RunKeys.question(journal.run, question))
            for letter in late { batch.delete(letter.key(in: journal.run)) }
        case .signal(let name):
            guard let journal, !inbox.isAwaited(topic) else { return }
            batch.delete(RunKeys.awaited(journal.run, name))
        case .cancel: return
        }
        journal?.add(record, with: batch)
    }

    /// Takes back what was waited for inside of an activation that ends: by branches that were cancelled before they came to wait again.
    func withdrawWaits(inside activation: String) {
        for wait in journal?.openWaits(inside: activation) ?? [] {
            let (name, isQuestion) = (wait.name ?? "", wait.tag == .asked)
            withdraw(
                isQuestion ? .answer(wait.question) : .signal(name),
                JournalRecord(.withdrawn, wait.activation, name: name, number: isQuestion ? nil : wait.number ?? 0))
        }
    }

    /// Puts what nobody has waited for yet where it does not wake the run.
    func keptLetters() -> StorageBatch {
        var batch = StorageBatch()
        guard let journal else { return batch }
        for letter in inbox.letters where !letter.isKept {
            batch.delete(RunKeys.letter(journal.run, letter.id))
            if planted(.keptLettersLost) { continue }
            let key = RunKeys.kept(journal.run, letter.id)
            batch.put(Seal.sealed(letter.json, at: key), at: key)
        }
        return batch
    }
}

extension RunInbox.Letter {
    /// Stored as `{"k": kind, "n": name, "v": value, "h": seal}` under its id.
    init(_ entry: StorageEntry, of run: RunID) throws(JournalError) {
        let unreadable = JournalError(.unreadable, run: run, detail: "\(entry.key)")
        var (kind, name, value) = ("", "", [UInt8]())
        var reader = JSONReader(try Seal.opened(entry, of: run))
        do {
            try reader.object { key, reader throws(JSONReader.Malformed) in
                switch key {
                case "k": kind = try reader.string()
                case "n": name = try reader.string()
                default: value = try reader.raw()
                }
            }
        } catch {
            throw unreadable
        }
        let topic: Topic
        switch kind {
        case "answer": topic = .answer(name)
        case "signal": topic = .signal(name)
        case "cancel": topic = .cancel
        default: throw unreadable
        }
        let parts = entry.key.parts
        self.init(id: parts.last ?? "", topic: topic, value: value, isKept: parts.first == "kept")
    }

    /// Where it is stored.
    func key(in run: RunID) -> StorageKey { isKept ? RunKeys.kept(run, id) : RunKeys.letter(run, id) }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            switch topic {
            case .answer(let question):
                object.member("k", "answer")
                object.member("n", question)
            case .signal(let name):
                object.member("k", "signal")
                object.member("n", name)
            case .cancel: object.member("k", "cancel")
            }
            if !value.isEmpty {
                object.key("v")
                object.raw(value)
            }
        }
        return writer.bytes
    }
}
