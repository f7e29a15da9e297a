extension NodeContext {
    /// Asks a question and returns its answer.
    ///
    /// The answer comes from outside, by the id `<activation>?<name>`; one that is not of the type, not among the choices or
    /// refused by the check leaves the question open. In a run that is written down the question is stored, and a run that only
    /// waits may be put away; then the node runs again from its start when the answer is there. Throws ``QuestionExpired`` if the
    /// question has a time and nobody answers in it.
    public func ask<Answer: Codable & Sendable>(_ question: Question<Answer>) async throws -> Answer {
        let call = WaitCall(self)
        if (extras?.ledger as? Ledger)?.use("?\(question.name)") == false {
            throw JournalError(.duplicateName, run: runID, activation: "\(activation)", detail: question.name)
        }
        return try await call.ask(question)
    }

    /// Waits for the next signal of this name and returns what it carries.
    ///
    /// A signal that came before is kept for the first who waits: each signal is received once.
    public func signal<Value: Codable & Sendable>(
        named name: String, as type: Value.Type = Value.self
    ) async throws -> Value {
        try await WaitCall(self).signal(name)
    }

    /// Waits until a moment on the calendar. In a run that is written down the moment is stored, and a run that only waits may be
    /// put away until then.
    public func sleep(until moment: WallTime) async throws { try await WaitCall(self).sleep { moment } }

    /// The same for so long from the first time it is called on.
    public func sleep(for duration: Duration) async throws {
        try await WaitCall(self).sleep { environment.now().wallTime.advanced(by: duration) }
    }
}

/// One wait of a node for something from outside.
struct WaitCall {
    private let context: NodeContext
    private let core: RunCore
    private let activation: String
    private var ledger: Ledger? { context.extras?.ledger as? Ledger }

    init(_ context: NodeContext) {
        guard let core = context.site.services as? RunCore else { preconditionFailure("a node runs in a run") }
        self.context = context
        self.core = core
        activation = "\(context.activation)"
    }

    func ask<Answer: Codable & Sendable>(_ question: Question<Answer>) async throws -> Answer {
        let id = "\(activation)?\(question.name)"
        let asked = core.journal?.question(id)
        switch asked?.tag {
        case .answered: return try decode(asked?.value ?? [], id)
        case .expired: throw QuestionExpired(question: id)
        default: break
        }
        let expiry = question.expires.map { core.environment.now().wallTime.advanced(by: $0) }
        let due = asked == nil ? expiry : asked?.time
        try announce(question, id, due, isNew: asked == nil)
        let withdrawn = JournalRecord(.withdrawn, activation, name: question.name)
        while true {
            guard let letter = try await next(.answer(id), until: due, else: withdrawn) else {
                try await record(JournalRecord(.expired, activation, name: question.name), closing: id, nil)
                throw QuestionExpired(question: id)
            }
            do {
                let answer: Answer = try decode(letter.value, id)
                try check(answer, question, id)
                try await record(
                    JournalRecord(.answered, activation, name: question.name, value: letter.value), closing: id, letter)
                core.inbox.settle(letter, nil)
                return answer
            } catch let error as AnswerError {
                try await drop(letter)
                core.inbox.settle(letter, error)
            }
        }
    }

    func signal<Value: Codable & Sendable>(_ name: String) async throws -> Value {
        let number = ledger?.nextSignal(name) ?? 0
        if let known = core.journal?.signal(name, number, of: activation) { return try decode(known, name) }
        if let journal = core.journal {
            var batch = StorageBatch()
            batch.put([], at: RunKeys.awaited(journal.run, name))
            journal.add(JournalRecord(.awaited, activation, name: name, number: number), with: batch)
        }
        let withdrawn = JournalRecord(.withdrawn, activation, name: name, number: number)
        guard let letter = try await next(.signal(name), until: nil, else: withdrawn) else { throw CancellationError() }
        if Task.isCancelled {
            core.inbox.putBack(letter)
            core.withdraw(letter.topic, withdrawn)
            throw CancellationError()
        }
        let value: Value = try decode(letter.value, name)
        let record = JournalRecord(.signalled, activation, name: name, number: number, value: letter.value)
        try await self.record(record, closing: nil, letter, awaited: core.inbox.isAwaited(.signal(name)) ? nil : name)
        core.inbox.settle(letter, nil)
        return value
    }

    func sleep(until moment: () -> WallTime) async throws {
        let due: WallTime
        let number = ledger?.nextSleep() ?? 0
        if let known = core.journal?.sleep(number, of: activation), !core.planted(.timerSetAnew) {
            if core.planted(.timerEarly) { return }
            due = known
        } else {
            due = moment()
            core.journal?.add(JournalRecord(.slept, activation, number: number, time: due))
        }
        _ = try await next(nil, until: due, else: nil)
    }
}

extension WaitCall {
    private func announce<Answer: Codable & Sendable>(
        _ question: Question<Answer>, _ id: String, _ due: WallTime?, isNew: Bool
    ) throws {
        var open = OpenQuestion(text: question.text, choices: nil, answer: "\(Answer.self)", expires: due)
        open.choices = try question.choices?.map { String(decoding: try JSONCoding.encode($0), as: UTF8.self) }
        (open.id, open.run) = (id, core.runID)
        core.inbox.open(open)
        // Whoever is told of the question finds it where it can be answered.
        let tell: @Sendable () -> Void = { [core, context] in core.emit(.asked(context.activation, question: id)) }
        guard let journal = core.journal, isNew else { return tell() }
        var batch = StorageBatch()
        let key = RunKeys.question(journal.run, id)
        batch.put(Seal.sealed(try JSONCoding.encode(open), at: key), at: key)
        journal.add(
            JournalRecord(.asked, activation, name: question.name, time: due), with: batch, sequel: tell)
    }

    /// The next letter about `topic`, or `nil` when the moment has come. `withdrawn` says that it is no longer waited for.
    private func next(
        _ topic: RunInbox.Letter.Topic?, until due: WallTime?, else withdrawn: JournalRecord?
    ) async throws -> RunInbox.Letter? {
        // What is there already is not waited for, or the run could be put away before it is taken.
        if let topic, let letter = core.inbox.take(topic) { return letter }
        if let due, due <= core.environment.now().wallTime { return nil }
        let ticket = due.map { core.activity.expect($0) }
        ledger?.waitBegan()
        defer {
            ledger?.waitEnded()
            if let ticket { core.activity.forget(ticket) }
        }
        // Where the run is put away now, that stores it.
        if core.activity.reason == nil, let journal = core.journal { try await store { try await journal.store() } }
        do {
            let letter = try await Self.first(core, topic, due)
            core.activity.waitSucceeded()
            return letter
        } catch {
            if let topic, let withdrawn { core.withdraw(topic, withdrawn) }
            throw error
        }
    }

    private static func first(
        _ core: RunCore, _ topic: RunInbox.Letter.Topic?, _ due: WallTime?
    ) async throws -> RunInbox.Letter? {
        let environment = core.environment
        return try await withThrowingTaskGroup(of: RunInbox.Letter?.self) { group in
            if let topic {
                group.addTask {
                    guard let letter = await core.inbox.next(topic) else { throw CancellationError() }
                    return letter
                }
            }
            if let due {
                group.addTask {
                    try await environment.sleep(until: due)
                    return nil
                }
            }
            let first = await group.nextResult()
            group.cancelAll()
            // A letter that came at the same moment is taken, or it would be lost.
            while let other = await group.nextResult() {
                if case .success(let letter?) = other { return letter }
            }
            return try first?.get() ?? nil
        }
    }

    private func record(
        _ record: JournalRecord, closing question: String?, _ letter: RunInbox.Letter?, awaited signal: String? = nil
    ) async throws {
        let late = question.map { core.inbox.close($0) } ?? []
        guard let journal = core.journal else { return }
        var batch = StorageBatch()
        for letter in late { batch.delete(letter.key(in: journal.run)) }
        if let question { batch.delete(RunKeys.question(journal.run, question)) }
        if let letter, !core.planted(.letterLeft) { batch.delete(letter.key(in: journal.run)) }
        if let signal { batch.delete(RunKeys.awaited(journal.run, signal)) }
        // Until the record is stored the letter is, so nobody has to wait for it here.
        journal.add(record, with: batch)
    }

    /// Takes a letter away that was refused.
    private func drop(_ letter: RunInbox.Letter) async throws {
        guard let journal = core.journal else { return }
        var batch = StorageBatch()
        batch.delete(letter.key(in: journal.run))
        let commit = batch
        try await store { try await journal.storage.commit(commit) }
    }

    private func store(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            await core.activity.leave(error)
            throw CancellationError()
        }
    }

    private func decode<Value: Codable>(_ json: [UInt8], _ name: String) throws -> Value {
        do {
            return try JSONCoding.decode(Value.self, from: json)
        } catch {
            throw AnswerError(.refused, question: name, detail: "it is no \(Value.self)")
        }
    }

    private func check<Answer: Codable & Sendable>(
        _ answer: Answer, _ question: Question<Answer>, _ id: String
    ) throws(AnswerError) {
        do {
            try question.check?(answer)
            guard let choices = question.choices else { return }
            let json = try JSONCoding.encode(answer)
            if try !choices.contains(where: { try JSONCoding.encode($0) == json }) {
                throw AnswerError(.refused, question: id, detail: "it is none of the choices")
            }
        } catch let error as AnswerError {
            throw error
        } catch {
            throw AnswerError(.refused, question: id, detail: "\(error)")
        }
    }
}
