/// What was sent to a run and is not yet taken in, and who waits for it.
final class RunInbox: Sendable {
    /// Something sent to a run.
    struct Letter: Sendable, Equatable {
        /// What it is about: an answer to a question, or a signal.
        enum Topic: Sendable, Hashable {
            case answer(String)
            case signal(String)
            /// The run is to be cancelled.
            case cancel
        }

        var id: String
        var topic: Topic
        /// JSON.
        var value: [UInt8]
        /// Whether a worker has taken it out of the inbox before.
        var isKept = false
    }

    fileprivate struct Waiter {
        var ticket: Int
        var topic: Letter.Topic
        var continuation: CheckedContinuation<Letter?, Never>
    }

    fileprivate struct State {
        var letters: [Letter] = []
        var waiters: [Waiter] = []
        var tickets = 0
        /// The letters that were here, so that none is taken twice.
        var known: Set<String> = []
        /// Those who want to know what became of a letter.
        var senders: [String: CheckedContinuation<AnswerError?, Never>] = [:]
        var questions: [OpenQuestion] = []
        /// The questions that were asked and take no answer any more.
        var closed: Set<String> = []
        /// What nobody waits for any more because its task was cancelled.
        var abandoned: Set<Letter.Topic> = []
        var isOvertaken = false
    }

    private let state = Guarded(State())
    private let planted = Planted()

    init() {}

    /// Puts a letter in; returns false if it was here before.
    @discardableResult
    func deliver(_ letter: Letter) -> Bool {
        let (isNew, waiter) = state.withLock { state -> (Bool, Waiter?) in
            guard state.known.insert(letter.id).inserted || planted(.letterTakenTwice) else { return (false, nil) }
            if let position = state.waiters.firstIndex(where: { $0.topic == letter.topic }) {
                return (true, state.waiters.remove(at: position))
            }
            state.letters.append(letter)
            if state.abandoned.contains(letter.topic) { state.isOvertaken = true }
            return (true, nil)
        }
        waiter?.continuation.resume(returning: letter)
        return isNew
    }

    /// Puts a letter in and returns when it was taken: why it was refused, or `nil`.
    func send(_ letter: Letter) async -> AnswerError? {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state -> Bool in
                guard state.awaits(letter) else { return false }
                state.senders[letter.id] = continuation
                return true
            }
            guard isOpen else { return continuation.resume(returning: AnswerError(.notOpen, question: letter.name)) }
            if !deliver(letter) { settle(letter, nil) }
            if case .answer(let question) = letter.topic { _ = refuseLate(question) }
        }
    }

    /// Tells who sent a letter what became of it.
    func settle(_ letter: Letter, _ error: AnswerError?) {
        state.withLock { $0.senders.removeValue(forKey: letter.id) }?.resume(returning: error)
    }

    /// The run has ended or is put away: whoever waits to hear of a letter waits no longer.
    func leave() {
        let senders = state.withLock { state in
            defer { state.senders = [:] }
            return state.senders.keys.sorted().compactMap { state.senders[$0] }
        }
        for sender in senders { sender.resume(returning: nil) }
    }

    func open(_ question: OpenQuestion) {
        state.withLock { state in
            state.closed.remove(question.id)
            state.questions.append(question)
        }
    }

    /// The question has its answer, or nobody waits for one any more: refuses other answers to it and returns them.
    @discardableResult
    func close(_ id: String) -> [Letter] {
        state.withLock { state in
            state.questions.removeAll { $0.id == id }
            state.closed.insert(id)
        }
        return refuseLate(id)
    }

    private func refuseLate(_ id: String) -> [Letter] {
        let late = state.withLock { state -> [Letter] in
            guard state.closed.contains(id) else { return [] }
            let late = state.letters.filter { $0.topic == .answer(id) }
            state.letters.removeAll { $0.topic == .answer(id) }
            return late
        }
        for letter in late { settle(letter, AnswerError(.notOpen, question: id)) }
        return late
    }

    /// Gives a letter that was taken to the next who waits for it, before all others.
    func putBack(_ letter: Letter) {
        let waiter = state.withLock { state -> Waiter? in
            guard let position = state.waiters.firstIndex(where: { $0.topic == letter.topic }) else {
                state.letters.insert(letter, at: 0)
                return nil
            }
            return state.waiters.remove(at: position)
        }
        waiter?.continuation.resume(returning: letter)
    }

    /// What nobody has waited for yet.
    var letters: [Letter] { state.withLock { $0.letters } }

    /// The questions that are open, in the order in which they were asked.
    var questions: [OpenQuestion] { state.withLock { $0.questions } }

    /// Whether a letter came for one who had to stop waiting.
    var isOvertaken: Bool { state.withLock { $0.isOvertaken } }

    /// Whether somebody waits for such a letter.
    func isAwaited(_ topic: Letter.Topic) -> Bool { state.withLock { $0.waiters.contains { $0.topic == topic } } }

    /// The first letter about a topic that is there.
    func take(_ topic: Letter.Topic) -> Letter? {
        state.withLock { state in
            state.letters.firstIndex { $0.topic == topic }.map { state.letters.remove(at: $0) }
        }
    }

    /// The next letter about a topic, in the order in which they came; `nil` when the task is cancelled first.
    func next(_ topic: Letter.Topic) async -> Letter? {
        let ticket = state.withLock { state in
            state.tickets += 1
            return state.tickets
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let outcome = state.withLock { state -> Letter?? in
                    if Task.isCancelled {
                        state.abandon(topic, planted)
                        return .some(nil)
                    }
                    if let position = state.letters.firstIndex(where: { $0.topic == topic }) {
                        return state.letters.remove(at: position)
                    }
                    state.waiters.append(Waiter(ticket: ticket, topic: topic, continuation: continuation))
                    return .none
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let position = state.waiters.firstIndex(where: { $0.ticket == ticket }) else { return nil }
                state.abandon(topic, planted)
                return state.waiters.remove(at: position)
            }
            waiter?.continuation.resume(returning: nil)
        }
    }
}

extension RunInbox.State {
    /// Nobody waits for such a letter any more, though one may be here already.
    fileprivate mutating func abandon(_ topic: RunInbox.Letter.Topic, _ planted: Planted) {
        abandoned.insert(topic)
        if letters.contains(where: { $0.topic == topic }), !planted(.newsBeforeWaitMissed) { isOvertaken = true }
    }

    /// Whether there is, or may be, somebody to take the letter.
    fileprivate func awaits(_ letter: RunInbox.Letter) -> Bool {
        guard case .answer(let question) = letter.topic else { return true }
        return questions.contains { $0.id == question }
    }
}

extension RunInbox.Letter {
    /// The question or the signal it is about.
    fileprivate var name: String {
        switch topic {
        case .answer(let name), .signal(let name): name
        case .cancel: ""
        }
    }
}
