/// What a new run takes over from the journal of another one, up to a point of it.
///
/// It takes over how activations and bodies ended, and the effects, answers, sleeps and signals inside of those that were open.
/// It does not take over who executed the run, questions that were open, and failures that ended the run: who asked asks again,
/// and what failed is tried again.
package struct ForkPlan: Sendable {
    /// Records that were stored together.
    package struct Lot: Sendable {
        package var time: WallTime
        package var records: [JournalRecord]
    }

    package private(set) var lots: [Lot] = []
    /// An effect that was under way, if there was one.
    package private(set) var openEffect: (activation: String, name: String)?

    package init(_ excerpt: JournalExcerpt, upTo number: Int) {
        let past = excerpt.entries(upTo: number)
        let closed = Set(past.filter { [.answered, .expired].contains($0.record.tag) }.map(\.record.question))
        var lastFailure = -1
        for entry in past {
            let record = entry.record
            if record.tag == .failed && record.number != 1 || record.tag == .retried && record.activation == nil {
                lastFailure = entry.number
            }
        }
        var frame = -1
        for entry in past where Self.takes(entry, closed, lastFailure) || entry.number == past.first?.number {
            if entry.frame != frame { lots.append(Lot(time: entry.time, records: [])) }
            frame = entry.frame
            lots[lots.count - 1].records.append(entry.record.asBeginning)
        }
        openEffect = Self.openEffect(records)
    }

    package var records: [JournalRecord] { lots.flatMap(\.records) }

    private static func takes(_ entry: JournalExcerpt.Entry, _ closed: Set<String>, _ lastFailure: Int) -> Bool {
        let record = entry.record
        switch record.tag {
        case .claimed, .released, .awaited, .withdrawn, .snapshot, .ended, .undoing, .compensation, .compensated:
            return false
        case .failed: return record.number == 1
        case .slept: return record.number != RunPast.deadlineNumber
        case .elementFailed: return entry.number > lastFailure
        case .retried: return record.activation != nil
        case .asked: return closed.contains(record.question)
        case .intent: return record.note != "compensation"
        default: return true
        }
    }

    private static func openEffect(_ records: [JournalRecord]) -> (activation: String, name: String)? {
        var open: [(activation: String, name: String)] = []
        for record in records {
            let (activation, name) = (record.activation ?? "", record.name ?? "")
            switch record.tag {
            case .intent: open.append((activation, name))
            case .effect, .effectFailed, .resolved: open.removeAll { $0 == (activation, name) }
            case .done, .passed, .failed, .cancelled: open.removeAll { $0.activation.isInside(activation) }
            case .element: open.removeAll { $0.activation.isInside("\(activation)[\(record.number ?? 0)]") }
            default: break
            }
        }
        return open.first
    }

    /// Whether bodies or inner activations of one that is open have ended.
    package func hasProgress(inside open: String) -> Bool {
        records.contains { record in
            guard let activation = record.activation else { return false }
            switch record.tag {
            case .element, .elementFailed: return activation.isInside(open)
            case .done, .passed, .failed, .cancelled: return activation != open && activation.isInside(open)
            default: return false
            }
        }
    }
}

extension JournalRecord {
    /// A record as another run takes it over: what can be undone is left to the first one, and it has as much time as it likes.
    fileprivate var asBeginning: JournalRecord {
        if tag == .began {
            var record = self
            record.time = nil
            return record
        }
        guard tag == .snapshot, let json = value, var snapshot = try? RunSnapshot(json) else { return self }
        (snapshot.records, snapshot.compensations, snapshot.began.time) = (0, [], nil)
        return JournalRecord(.snapshot, value: snapshot.json)
    }
}

extension String {
    /// Whether this activation is the other one, or happens inside of it.
    package func isInside(_ other: String) -> Bool {
        guard hasPrefix(other) else { return false }
        let rest = utf8.dropFirst(other.utf8.count)
        return rest.first.map { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "[") } ?? true
    }
}
