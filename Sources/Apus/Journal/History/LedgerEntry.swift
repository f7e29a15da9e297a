/// An effect that a run tried on the outside, and what became of it.
public struct LedgerEntry: Sendable, Hashable, Codable, Identifiable {
    /// What became of an effect.
    public enum Outcome: Sendable, Hashable, Codable {
        /// It succeeded; the result is JSON.
        case done(result: String)
        /// The last try failed.
        case failed(String)
        /// It was begun and has not ended, as far as the journal knows.
        case open
        /// It was begun, may not be repeated, and nobody is performing it any more.
        case inDoubt
        /// Somebody said what became of it: its result as JSON, or `nil` if it did not happen.
        case resolved(result: String?)
    }

    public var activation: String
    public var name: String
    /// What a crash in its middle means: `idempotent`, `atMostOnce`, `reconcile`, `transactional`, or `compensation`.
    public var kind: String
    /// By which the outside tells a repetition from a new one.
    public var key: String
    /// How often it was begun.
    public var attempts: Int
    public var outcome: Outcome
    /// When the first try was written down.
    public var began: WallTime
    /// When the outcome was.
    public var ended: WallTime?

    public var id: String { "\(activation)?\(name)" }

    public init(
        activation: String, name: String, kind: String, key: String, attempts: Int, outcome: Outcome, began: WallTime,
        ended: WallTime? = nil
    ) {
        self.activation = activation
        self.name = name
        self.kind = kind
        self.key = key
        self.attempts = attempts
        self.outcome = outcome
        self.began = began
        self.ended = ended
    }
}

/// Folds a journal into its effects, in the order in which they were first tried.
package struct EffectFold: Sendable {
    /// The run whose keys the effects have: the one that performed them.
    private var run: RunID
    package private(set) var entries: [LedgerEntry] = []
    private var positions: [String: Int] = [:]

    /// The effects of `run`. Those that it took over from another one have the keys of that one.
    package init(_ excerpt: JournalExcerpt, of run: RunID) {
        self.run = run
        let forks = excerpt.entries.filter { $0.record.tag == .forked }
        for entry in excerpt.entries {
            self.run = forks.first { $0.number > entry.number }?.record.name.map { RunID($0) } ?? run
            add(entry.record, at: entry.time)
        }
    }

    private mutating func add(_ record: JournalRecord, at time: WallTime) {
        switch record.tag {
        case .intent:
            change(record, time) { entry in
                entry.attempts += 1
                (entry.outcome, entry.ended) = (.open, nil)
            }
        case .effect: end(record, time, .done(result: record.json ?? "null"))
        case .compensated where record.number == Compensations.effectNumber: break
        case .compensated: end(record.asEffect, time, .done(result: "null"))
        case .effectFailed: end(record, time, .failed(record.note ?? ""))
        case .resolved: end(record, time, .resolved(result: record.json))
        case .claimed, .released, .ended: markDoubts(record)
        default: break
        }
    }

    private mutating func end(_ record: JournalRecord, _ time: WallTime, _ outcome: LedgerEntry.Outcome) {
        change(record, time) { ($0.outcome, $0.ended) = (outcome, time) }
    }

    private mutating func change(_ record: JournalRecord, _ time: WallTime, _ body: (inout LedgerEntry) -> Void) {
        let (activation, name) = (record.activation ?? "", record.name ?? "")
        let id = "\(activation)?\(name)"
        let position = positions[id] ?? entries.count
        if position == entries.count {
            positions[id] = position
            let kind = record.tag == .effectFailed ? nil : record.note
            entries.append(
                LedgerEntry(
                    activation: activation, name: name, kind: kind ?? "idempotent",
                    key: EffectKey.text(run, activation, name), attempts: record.tag == .intent ? 0 : 1,
                    outcome: .open, began: time))
        }
        body(&entries[position])
    }

    /// An effect that may happen at most once is in doubt when whoever tried it is gone, or when it was to be tried again.
    private mutating func markDoubts(_ record: JournalRecord) {
        let isStopped = record.tag == .released && record.name == RunHead.Status.inDoubt.rawValue
        for position in entries.indices where entries[position].kind == "atMostOnce" {
            switch entries[position].outcome {
            case .open: entries[position].outcome = .inDoubt
            case .failed where isStopped && record.activation == entries[position].activation:
                entries[position].outcome = .inDoubt
            default: break
            }
        }
    }
}

extension JournalRecord {
    /// The value as text.
    package var json: String? { value.map { String(decoding: $0, as: UTF8.self) } }

    /// The end of a compensation as that of the effect that it is, too.
    fileprivate var asEffect: JournalRecord {
        var record = self
        record.name = Compensations.effect(name ?? "", number ?? 1)
        record.note = "compensation"
        return record
    }
}
