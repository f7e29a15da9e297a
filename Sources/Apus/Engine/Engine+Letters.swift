/// What is sent to runs from outside.
extension Engine {
    /// The questions that wait for an answer: of one run, or of all. A run of which one is damaged is set aside.
    public func questions(of run: RunID? = nil, limit: Int = 1_000) async throws -> [OpenQuestion] {
        let key = run.map { RunKeys.questions($0) } ?? RunKeys.allQuestions
        var questions: [OpenQuestion] = []
        for (key, value) in try await storage.scanPastDamage(.below(key), limit: limit) {
            let parts = key.parts
            guard parts.count == 3 else { continue }
            let run = RunID(parts[1])
            do {
                let json = try Seal.opened(StorageEntry(key, value ?? []), of: run)
                var question = try JSONCoding.decode(OpenQuestion.self, from: json)
                (question.run, question.id) = (run, parts[2])
                questions.append(question)
            } catch let error as JournalError {
                await setAside(run, error)
            }
        }
        return questions
    }

    /// Answers a question.
    ///
    /// Returns when the answer is stored, and if the run is executed by this engine when its node has taken it. Throws
    /// ``AnswerError`` if there is no such open question, if the answer is none of the choices, or if the node refuses it; then the
    /// question stays open. The node of a run that is put away refuses later what it can't use: the question is then still listed.
    public func answer(_ run: RunID, _ question: String, with answer: some Codable & Sendable) async throws {
        let letter = letter(.answer(question), try JSONCoding.encode(answer))
        let asked = try await storage.read([RunKeys.question(run, question)])[0]
        guard let asked else { throw AnswerError(.notOpen, question: question) }
        let json = (try? Seal.opened(asked, of: run)) ?? []
        if let choices = (try? JSONCoding.decode(OpenQuestion.self, from: json))?.choices,
            !choices.contains(String(decoding: letter.value, as: UTF8.self))
        {
            throw AnswerError(.refused, question: question, detail: "it is none of the choices")
        }
        do {
            try await store(letter, for: run, requiring: .present(RunKeys.question(run, question)))
        } catch let error as StorageError where error.code == .conflict {
            throw AnswerError(.notOpen, question: question)
        }
        let core = table.withLock { $0.cores[run] }
        // A run that was just taken up has not asked again yet; it finds the answer when it does.
        if let core, core.inbox.questions.contains(where: { $0.id == question }),
            let error = await core.inbox.send(letter)
        {
            throw error
        }
        await attend(run)
    }

    /// Sends a signal, which is kept until a node of the run waits for it. With `onlyIfAwaited` it is dropped when no node waits for it
    /// at this moment; returns whether it was sent.
    @discardableResult
    public func signal(
        _ run: RunID, _ name: String, _ value: some Codable & Sendable, onlyIfAwaited: Bool = false
    ) async throws -> Bool {
        let letter = letter(.signal(name), try JSONCoding.encode(value))
        var precondition = StorageBatch.Precondition.present(RunKeys.head(run))
        if onlyIfAwaited { precondition = .present(RunKeys.awaited(run, name)) }
        do {
            try await store(letter, for: run, requiring: precondition)
        } catch let error as StorageError where error.code == .conflict {
            if onlyIfAwaited { return false }
            throw JournalError(.unknownRun, run: run)
        }
        await attend(run)
        return true
    }

    /// Cancels a run: what is running is cancelled, its changes are discarded. Returns when the wish is stored.
    public func cancel(_ run: RunID) async throws {
        do {
            try await store(letter(.cancel, []), for: run, requiring: .present(RunKeys.head(run)))
        } catch let error as StorageError where error.code == .conflict {
            throw JournalError(.unknownRun, run: run)
        }
        await attend(run)
    }

    private func letter(_ topic: RunInbox.Letter.Topic, _ value: [UInt8]) -> RunInbox.Letter {
        RunInbox.Letter(id: RunID(from: environment).value, topic: topic, value: value)
    }

    private func store(
        _ letter: RunInbox.Letter, for run: RunID, requiring precondition: StorageBatch.Precondition
    ) async throws {
        var batch = StorageBatch()
        batch.require(precondition)
        let key = RunKeys.letter(run, letter.id)
        batch.create(Seal.sealed(letter.json, at: key), at: key)
        try await storage.commit(batch)
    }
}

/// What a person decides about runs that stopped.
extension Engine {
    /// Says what became of an effect in doubt: its result, or `nil` if it did not happen, and lets the run go on.
    ///
    /// `effect` and `activation` are as ``RunHead/reason`` and ``effects(of:)`` name them.
    public func resolve<Value: Codable & Sendable>(
        _ run: RunID, effect name: String, of activation: String, as result: Value?
    ) async throws {
        let json = try result.map { try JSONCoding.encode($0) }
        try await mend(run, .inDoubt, JournalRecord(.resolved, activation, name: name, value: json))
    }

    /// Lets a run that failed, or was set aside for ending its process, go on: what failed is tried again, nothing else.
    ///
    /// What is damaged beside its journal is taken away before that: an answer or a signal has to be sent again, a question is asked
    /// again. With a damaged journal it throws ``JournalError/Code/damaged``.
    public func retry(_ run: RunID) async throws { try await retry(run, StorageBatch()) }

    /// The same, on terms: what is required and written with it.
    func retry(_ run: RunID, _ terms: StorageBatch) async throws {
        guard let head = try await status(of: run) else { throw JournalError(.unknownRun, run: run) }
        try await mend(run, head.status == .dead ? .dead : .failed, JournalRecord(.retried), terms)
    }

    func mend(
        _ run: RunID, _ status: RunHead.Status, _ record: JournalRecord, _ terms: StorageBatch = StorageBatch()
    ) async throws {
        let journal = RunJournal(run, storage, options.durability, environment)
        guard let head = try await journal.load() else { throw JournalError(.unknownRun, run: run) }
        guard head.status == status else {
            throw JournalError(.notFree, run: run, detail: "it is \(head.status.rawValue), not \(status.rawValue)")
        }
        if record.tag == .retried { try await journal.retry(terms) } else { journal.add(record, with: terms) }
        try await free(journal)
    }
}
