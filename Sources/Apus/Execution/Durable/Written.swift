import Synchronization

/// What an activation came to, in the form in which it is written down.
struct Written: Sendable {
    var outcome: ActivationOutcome
    var change: StateChange?
    /// What it sent along channels.
    var letters: [Outbox.Letter]
    /// What the journal is told of it; `nil` if nothing is, or all of it already.
    var record: JournalRecord?
    /// How what it did is undone, stored with that record.
    var compensation: JournalRecord?

    init(_ outcome: ActivationOutcome, _ change: StateChange?, _ letters: [Outbox.Letter] = []) {
        self.outcome = outcome
        self.change = change
        self.letters = letters
    }
}

extension GraphDriver {
    /// Finds the words for an activation. What can't be said fails the run.
    func recorded(_ written: Written, _ context: NodeContext, after: StateBox) -> Written {
        var written = written
        do {
            written.record = try record(of: written, context)
            if written.record?.tag == .done || planted(.undoneBeforeDone) {
                written.compensation = try compensation(of: context, after)
            }
        } catch {
            let run = core.runID
            let cause = JournalError(.coding, run: run, activation: "\(context.activation)", detail: "\(error)")
            written = Written(.aborted(describe(cause, context.activation)), nil)
        }
        return written
    }

    /// Adds how an activation ended. What it waited for is over by that, unless it is tried again when the run is.
    func write(_ written: Written, _ record: JournalRecord, _ journal: RunJournal) {
        if record.tag != .failed || record.number == 1 { core.withdrawWaits(inside: record.activation ?? "") }
        if let compensation = written.compensation {
            journal.add(compensation, before: record)
        } else {
            journal.add(record)
        }
    }

    private func record(of written: Written, _ context: NodeContext) throws -> JournalRecord? {
        var record = JournalRecord(.done, "\(context.activation)")
        switch written.outcome {
        case .chose(let number): record.choices = number == 0 ? nil : [number]
        case .selected(let subset):
            record.choices = subset
            record.number = 1
        case .passedOver(let number):
            record.tag = .passed
            record.choices = number == 0 ? nil : [number]
        case .passedOverSelecting(let subset):
            record.tag = .passed
            record.choices = subset
            record.number = 1
        case .failed(let error):
            let leadsOn = plan.units[Int(context.node)].failureCase >= 0
            return JournalRecord(.failed, record.activation, number: leadsOn ? 1 : nil, note: "\(error)")
        case .cancelled:
            if Task.isCancelled || isClosing.load(ordering: .relaxed) { return nil }
            record.tag = .cancelled
            return record
        case .aborted: return nil
        }
        if let change = written.change, let base = origin.withLock({ $0 }) {
            record.value = try kit.encode(change, base: base)
        }
        if !written.letters.isEmpty { record.sent = try encode(written.letters) }
        return record
    }

    /// As a list of `[channel, element]`.
    func encode(_ letters: [Outbox.Letter]) throws -> [UInt8] {
        let elements = try letters.map { letter in
            guard let value = letter.value as? any Encodable else { return Array("null".utf8) }
            return try JSONCoding.encode(value)
        }
        var writer = JSONWriter()
        writer.array { list in
            for (letter, element) in zip(letters, elements) {
                list.array { pair in
                    pair.number(letter.channel)
                    pair.raw(element)
                }
            }
        }
        return writer.bytes
    }

    func decode(_ letters: [UInt8]) throws -> [Outbox.Letter] {
        var found: [(channel: Int, element: [UInt8])] = []
        var reader = JSONReader(letters)
        try reader.array { reader throws(JSONReader.Malformed) in
            var channel = -1
            try reader.array { reader throws(JSONReader.Malformed) in
                if channel < 0 {
                    channel = Int(truncatingIfNeeded: try reader.integer())
                } else {
                    found.append((channel, try reader.raw()))
                }
            }
        }
        return try found.map { channel, element in
            guard channels.indices.contains(channel) else {
                throw JSONReader.Malformed(offset: 0, expected: "a channel")
            }
            return Outbox.Letter(channel: channel, value: try channels[channel].decode(element), body: nil)
        }
    }
}

extension GraphDriver {
    /// Waits as long as the durability asks for. If the journal can't be written any more, this worker lets go of the run, and nothing
    /// new starts in this graph.
    @discardableResult
    func settle(_ journal: RunJournal) async -> Bool {
        do {
            try await journal.settle()
            return true
        } catch {
            if planted(.fencedGoesOn) { return true }
            core.activity.letGo(error)
            cancel()
            return false
        }
    }

    /// The same for a branch, which goes on only if what it did is stored.
    func stored(_ continuation: Continuation, _ journal: RunJournal) async -> Bool {
        let isStored = await settle(journal)
        core.activity.less()
        if !isStored, case .with(let ready) = continuation { _ = admits(ready) }
        if !isStored, case .alone(let node, _) = continuation {
            _ = admits(Ready(node: node, state: StateBox(), iteration: -1))
        }
        return isStored
    }
}
