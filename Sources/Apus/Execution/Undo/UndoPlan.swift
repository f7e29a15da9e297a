/// What undoing a run back to a point does.
public struct UndoPlan: Sendable, Hashable {
    /// One compensation.
    public struct Step: Sendable, Hashable {
        /// What did the work.
        public var activation: String
        /// What undoes it.
        public var name: String
        /// The point at which it was registered.
        public var point: Int
        /// What it needs, as JSON.
        public var value: String
        public var key: String
        /// How often it was begun and did not end well.
        public var attempts: Int
        /// Whether the graph still says how; if not, the run can't be undone.
        public var isDeclared: Bool
    }

    public let run: RunID
    public let point: Int
    /// What is undone, in this order: the last work first.
    public let steps: [Step]
    /// Effects behind the point that may have happened, and whose activations registered nothing that undoes them. They stay.
    public let remaining: [LedgerEntry]
}

extension UndoPlan {
    init<State>(_ run: RunID, _ graph: Graph<State>, _ excerpt: JournalExcerpt, to point: Int) {
        self.run = run
        self.point = point
        let compensations = Compensations(excerpt)
        steps = compensations.pending(to: point).map { step in
            Step(
                activation: step.activation, name: step.name, point: step.point, value: step.record.json ?? "null",
                key: EffectKey.text(run, step.activation, step.effect), attempts: compensations.attempts(of: step),
                isDeclared: graph.compensation(step.name, of: step.activation.split(separator: "/")[...]) != nil)
        }
        let covered = Set(excerpt.entries.filter { $0.record.tag == .compensation }.map { $0.record.activation ?? "" })
        var tried: Set<String> = []
        for entry in excerpt.entries where entry.number > point && [.intent, .effect].contains(entry.record.tag) {
            tried.insert("\(entry.record.activation ?? "")?\(entry.record.name ?? "")")
        }
        remaining = EffectFold(excerpt, of: run).entries.filter { entry in
            tried.contains(entry.id) && !covered.contains(entry.activation) && entry.mayHaveHappened
        }
    }
}

extension LedgerEntry {
    fileprivate var mayHaveHappened: Bool {
        if kind == Compensations.kind { return false }
        switch outcome {
        case .done, .open, .inDoubt: return true
        case .failed: return false
        case .resolved(let result): return result != nil
        }
    }
}
