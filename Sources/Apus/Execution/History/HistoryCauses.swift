/// Finds out what led to each point of a history, one after another.
struct HistoryCauses<State: GraphState> {
    private let run: RunID
    private let graph: Graph<State>
    private let environment: any Environment
    /// `nil` where the journal does not go with the graph.
    private var replay: JournalReplay<State>?
    /// The points that made activations ready.
    private var readied: [String: Int] = [:]
    private var intents: [String: Int] = [:]
    private var questions: [String: Int] = [:]
    private var waits: [String: Int] = [:]
    private var compensations: [String: Int] = [:]
    private var last: (ending: Int, release: Int?, undoing: Int?) = (0, nil, nil)

    init(_ run: RunID, _ graph: Graph<State>, _ environment: any Environment) {
        (self.run, self.graph, self.environment) = (run, graph, environment)
        replay = JournalReplay(run, graph, environment)
    }

    mutating func cause(of entry: JournalExcerpt.Entry) -> Int? {
        let cause = known(entry.record)
        // A run may begin anew in another version of its graph.
        if entry.record.tag == .began { replay = JournalReplay(run, graph, environment) }
        note(entry)
        do {
            for activation in try replay?.follow(entry.record) ?? [] { readied[activation] = entry.number }
        } catch {
            replay = nil
        }
        return cause
    }

    private func known(_ record: JournalRecord) -> Int? {
        let id = Self.id(record)
        switch record.tag {
        case .began, .forked, .snapshot, .undoing: return nil
        case .claimed: return last.release
        case .released: return nil
        case .retried where record.activation == nil: return last.ending
        case .ended: return last.undoing ?? last.ending
        case .effect, .effectFailed, .resolved: return intents[id] ?? ready(record.activation)
        case .answered, .expired: return questions[record.question]
        case .withdrawn where record.number == nil: return questions[record.question]
        case .signalled, .withdrawn: return waits[id]
        case .compensated: return last.undoing
        case .intent where last.undoing != nil: return compensations[id] ?? last.undoing
        default: return ready(record.activation)
        }
    }

    private mutating func note(_ entry: JournalExcerpt.Entry) {
        let record = entry.record
        switch record.tag {
        case .done, .passed, .failed, .cancelled, .ended: last.ending = entry.number
        case .released: last.release = entry.number
        case .undoing: last.undoing = entry.number
        case .retried where record.activation == nil: last.release = entry.number
        case .intent: intents[Self.id(record)] = entry.number
        case .asked: questions[record.question] = entry.number
        case .awaited: waits[Self.id(record)] = entry.number
        case .compensation:
            let effect = Compensations.effect(record.name ?? "", record.number ?? 1)
            compensations["\(record.activation ?? "")?\(effect)#0"] = entry.number
        default: break
        }
    }

    private static func id(_ record: JournalRecord) -> String {
        let number = [.awaited, .signalled, .withdrawn].contains(record.tag) ? record.number ?? 0 : 0
        return "\(record.activation ?? "")?\(record.name ?? "")#\(number)"
    }

    /// The point that made an activation ready; for what stands inside of a composite, the one that made that ready.
    private func ready(_ activation: String?) -> Int? {
        guard var place = activation else { return nil }
        while true {
            if let point = readied[place] { return point }
            guard let end = place.lastIndex(where: { $0 == "/" || $0 == "[" }) else { return nil }
            place = String(place[..<end])
        }
    }
}
