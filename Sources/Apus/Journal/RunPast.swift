/// What the journal of a run says, arranged for those who ask.
package struct RunPast: Sendable {
    /// What is known of an effect.
    package struct Effect: Sendable {
        /// How often it was tried.
        var attempts = 0
        var kind: String?
        var result: [UInt8]?
        /// Whether it was begun and nothing is known of its end.
        var isOpen = false
    }

    /// The first record of the run.
    package private(set) var began: JournalRecord?
    /// How activations ended, by the path they stand in, in the order of the journal.
    private var endings: [String: [JournalRecord]] = [:]
    /// How the bodies of a composite ended, in the order of the journal.
    private var bodies: [String: [JournalRecord]] = [:]
    private var effects: [String: [String: Effect]] = [:]
    /// The questions that were asked, and what became of them.
    private var questions: [String: JournalRecord] = [:]
    /// The signals that are waited for.
    private var awaits: [String: JournalRecord] = [:]
    private var sleeps: [String: WallTime] = [:]
    private var signals: [String: [UInt8]] = [:]
    package private(set) var compensations: [JournalRecord] = []
    package private(set) var ended: JournalRecord?
    /// How many activations ended well.
    package private(set) var steps = 0
    /// How often the run was taken up since it last got on.
    package private(set) var claims = 0
    package private(set) var isEmpty = true
    /// How many records of the journal there are.
    package private(set) var records = 0
    /// The point to which the run is to be undone.
    package private(set) var undoing: Int?
    /// The record that says so, with why.
    package private(set) var undoingRecord: JournalRecord?
    /// Where what is known begins, if not with the run.
    package private(set) var snapshot: RunSnapshot?

    private let planted = Planted()

    package init() {}

    package mutating func add(_ record: JournalRecord) {
        isEmpty = false
        records += 1
        note(progressOf: record)
        let place = record.activation ?? ""
        switch record.tag {
        case .began: begin(record)
        case .snapshot: restart(from: record)
        case .claimed, .released: break
        case .awaited: awaits[record.question] = record
        case .done, .passed, .failed, .cancelled:
            endings[Self.path(around: place), default: []].append(record)
            if record.tag == .done { steps += 1 }
            if record.tag != .failed { forget(place) }
        case .element, .elementFailed:
            bodies[place, default: []].append(record)
            steps += 1
        case .intent, .effect, .effectFailed, .resolved: addEffect(record, place)
        case .asked, .answered, .expired: questions[record.question] = record
        case .withdrawn:
            if record.number == nil { questions[record.question] = nil } else { awaits[record.question] = nil }
        case .slept: sleeps["\(place)?\(record.number ?? 0)"] = record.time
        case .signalled:
            awaits[record.question] = nil
            signals["\(place)?\(record.name ?? "")#\(record.number ?? 0)"] = record.value
        case .compensation:
            compensations.removeAll { $0.activation == place && $0.name == record.name && $0.number == record.number }
            compensations.append(record)
        case .compensated:
            compensations.removeAll { $0.activation == place && $0.name == record.name && $0.number == record.number }
        case .undoing: (undoing, undoingRecord, ended) = (record.number, record, nil)
        case .forked: if record.value != nil { endings["", default: []].append(record) }
        case .retried: retry(record.activation)
        case .ended: ended = record
        }
    }

    /// The number of the sleep that is the deadline of an activation.
    package static let deadlineNumber = 0
    /// What the names of signals begin with that are the level of degradation which an activation saw.
    package static let levelName = "degradation"

    /// What failed is open again: in all of the run, or all that happened inside of one activation.
    ///
    /// It begins later than before, so its time begins anew, and it looks anew how things are.
    private mutating func retry(_ place: String?) {
        let inside = { (key: String) in place.map { key.hasPrefix($0 + "/") } ?? true }
        sleeps = sleeps.filter { !($0.key.hasSuffix("?\(Self.deadlineNumber)") && inside($0.key)) }
        signals = signals.filter { !($0.key.contains("?\(Self.levelName)/") && inside($0.key)) }
        if let place {
            endings[place] = nil
            let inside = endings.keys.filter { $0.hasPrefix(place + "/") }
            for path in inside { endings[path] = nil }
            return
        }
        ended = nil
        let paths = Array(endings.keys)
        for path in paths {
            endings[path]?.removeAll { $0.tag == .failed && $0.number != 1 || planted(.retryRepeatsAll) }
        }
        let composites = Array(bodies.keys)
        for composite in composites { bodies[composite]?.removeAll { $0.tag == .elementFailed } }
    }

    /// A run that begins anew in another graph keeps the effects of what had not ended, and what undoes the rest.
    private mutating func begin(_ record: JournalRecord) {
        if began != nil {
            (endings, bodies, questions, awaits, sleeps, signals, snapshot) = ([:], [:], [:], [:], [:], [:], nil)
        }
        began = record
    }

    /// Forgets what came before a snapshot.
    private mutating func restart(from record: JournalRecord) {
        guard let json = record.value, let snapshot = try? RunSnapshot(json) else { return }
        var past = RunPast()
        past.snapshot = snapshot
        past.began = snapshot.began
        past.steps = snapshot.steps
        past.records = snapshot.records + 1
        past.compensations = snapshot.compensations
        past.isEmpty = false
        self = past
    }

    /// Whether a worker that goes on may ask for such a record again.
    func isKept(_ record: JournalRecord) -> Bool {
        switch record.tag {
        case .claimed, .released, .retried, .ended, .snapshot: false
        case .done, .passed, .failed, .cancelled: hasInside(record.activation ?? "")
        default: true
        }
    }

    private func hasInside(_ place: String) -> Bool {
        bodies[place] != nil || effects[place] != nil || endings[place] != nil
    }

    /// Drops what was known of the inside of an activation that has ended.
    private mutating func forget(_ place: String) {
        bodies[place] = nil
        effects[place] = nil
        endings[place] = nil
    }

    private mutating func note(progressOf record: JournalRecord) {
        if record.isProgress { claims = 0 } else if record.tag == .claimed { claims = record.number ?? claims + 1 }
    }

    private mutating func addEffect(_ record: JournalRecord, _ place: String) {
        var effect = effects[place]?[record.name ?? ""] ?? Effect()
        switch record.tag {
        case .intent:
            effect.attempts = record.number ?? effect.attempts + 1
            effect.kind = record.note
            effect.isOpen = true
        default:
            effect.result = record.value
            effect.isOpen = false
            if record.tag == .resolved, record.value == nil { effect.attempts = 0 }
        }
        effects[place, default: [:]][record.name ?? ""] = effect
    }

    /// The path of the graph or composite that an activation stands in.
    static func path(around activation: String) -> String {
        activation.lastIndex(of: "/").map { String(activation[..<$0]) } ?? ""
    }

    package func endings(in path: String) -> [JournalRecord] { endings[path] ?? [] }
    package func bodies(of composite: String) -> [JournalRecord] { bodies[composite] ?? [] }
    package func effect(_ name: String, of activation: String) -> Effect? { effects[activation]?[name] }
    package func question(_ id: String) -> JournalRecord? { questions[id] }
    /// What is waited for inside of an activation: the questions that nobody answered and the signals that did not come, by their names.
    func openWaits(inside activation: String) -> [JournalRecord] {
        if questions.isEmpty, awaits.isEmpty { return [] }
        let asked = questions.values.filter { $0.tag == .asked }
        return (asked + awaits.values).filter { $0.activation?.isInside(activation) == true }
            .sorted { ($0.question, $0.tag.rawValue) < ($1.question, $1.tag.rawValue) }
    }

    package func sleep(_ number: Int, of activation: String) -> WallTime? { sleeps["\(activation)?\(number)"] }
    package func signal(_ name: String, _ number: Int, of activation: String) -> [UInt8]? {
        signals["\(activation)?\(name)#\(number)"]
    }
}

extension JournalRecord {
    /// Whether a run gets on by it: that it was taken up and that it tries something are no progress.
    var isProgress: Bool { tag != .claimed && tag != .intent }
}
