import Apus

/// Follows every journal on a ``SimulatedDisk`` as it is written, and notes what may not happen.
struct JournalWatch: Sendable {
    /// What was stored of one run.
    struct Run: Sendable {
        var next = 0
        var link = JournalLink.start
        /// Who took it up last and has not let go.
        var owner: String?
        var isEnded = false
        /// How activations ended, with whether a retry opens them again.
        var endings: [String: Bool] = [:]
        var done: Set<String> = []
        var bodies: Set<String> = []
        var effects: [String: Effect] = [:]
        var asked: Set<String> = []
        var answered: [String: [UInt8]] = [:]
        var sleeps: [String: WallTime] = [:]
        var signals: Set<[UInt8]> = []
        /// When the last frame came.
        var moved = Duration.zero
        /// How often it was taken up since it last got on.
        var claims = 0
        /// Whether somebody asked for its end, and whether a worker took it up after that.
        var isToEnd = false
        var mustEnd = false
        /// Whether what it did is taken back.
        var isUndone = false
        /// Workers that were told that another one has the run: when, and how many nodes they have begun since.
        var fenced: [String: (since: Duration, nodes: Int)] = [:]
    }

    /// What was stored of one effect.
    struct Effect: Sendable {
        var kind = ""
        var intents = 0
        var hasResult = false
        /// Whether it has a result, or is known to have failed.
        var isSettled = false
        /// How often somebody said that it had not happened.
        var denials = 0
    }

    private(set) var runs: [String: Run] = [:]
    private(set) var complaints: [String] = []
    /// Whether all is judged; what is left is only cleared away.
    var isOver = false
    /// Until when a worker is known to be alive.
    private var leases: [String: WallTime] = [:]
    /// How often effects were committed together with their records.
    private var payments: [StorageKey: Int] = [:]
    /// What was stored, in words, if somebody wants to read it.
    private(set) var story: [String] = []
    private let isTold: Bool

    init(isTold: Bool) { self.isTold = isTold }

    mutating func complain(_ text: String) {
        if isOver { return }
        if complaints.count < 20 { complaints.append(text) }
        tell("!!! \(text)")
    }

    mutating func tell(_ text: @autoclosure () -> String) { if isTold { story.append(text()) } }

    /// A batch was applied at a moment of the true time.
    mutating func applied(_ batch: StorageBatch, at now: Instant) {
        for write in batch.writes {
            switch write {
            case .put(let key, let value, let expires):
                let parts = key.parts
                if parts.count == 3, parts[0] == "journal" {
                    stored(value, of: parts[1], as: StorageKey.number(parts[2]).map(Int.init) ?? -1, now)
                } else if parts.count == 2, parts[0] == "worker" {
                    leases[parts[1]] = expires
                } else if parts.count == 3, parts[0] == "inbox",
                    String(decoding: value, as: UTF8.self).contains("cancel")
                {
                    runs[parts[1]]?.isToEnd = true
                } else if parts[0] == "paid" {
                    payments[key, default: 0] += 1
                    if payments[key] != 1 { complain("G5: \(key) was committed twice") }
                }
            case .delete(let key):
                let parts = key.parts
                if parts.first == "journal" { complain("G2: \(key) was deleted") }
                if parts.count == 2, parts[0] == "worker" { leases[parts[1]] = nil }
            case .deleteRange(let range):
                if range.contains(StorageKey("journal", "x", 0)) { complain("G2: journals were deleted") }
            }
        }
    }

    private mutating func stored(_ bytes: [UInt8], of name: String, as sequence: Int, _ now: Instant) {
        var run = runs[name] ?? Run()
        guard sequence == run.next else {
            return complain("G2: \(name) has \(run.next) frames, and frame \(sequence) was written")
        }
        do {
            let frame = try JournalFrame(bytes, run: RunID(name), sequence: sequence, after: run.link)
            run.link = frame.link
            run.next += 1
            run.moved = now.uptime
            tell("\(now.uptime) \(name) frame \(sequence):")
            for record in frame.records {
                tell("    \(record.line)")
                add(record, to: &run, name, now)
            }
        } catch {
            complain("G6: frame \(sequence) of \(name): \(error)")
        }
        runs[name] = run
    }

    private mutating func add(_ record: JournalRecord, to run: inout Run, _ name: String, _ now: Instant) {
        if run.isEnded, record.tag != .retried { complain("G7: \(name) has ended, and then: \(record.line)") }
        if record.tag != .claimed, record.tag != .intent { run.claims = 0 }
        switch record.tag {
        case .claimed: claimed(record, &run, name, now)
        case .released: run.owner = nil
        case .ended:
            run.isEnded = true
            run.owner = nil
            if run.mustEnd, record.name == "completed" || record.name == "failed" {
                complain("G7: \(name) was to be cancelled before it was taken up, and \(record.name ?? "")")
            }
        case .retried: retried(record, &run)
        // It comes to its end already, and not to another one.
        case .undoing: (run.isUndone, run.mustEnd) = (true, false)
        case .done, .passed, .failed, .cancelled:
            let place = record.activation ?? ""
            if run.endings[place] != nil { complain("G4: \(name) stored twice how \(place) ended") }
            run.endings[place] = record.tag == .failed && record.number != 1
            if record.tag == .done {
                run.done.insert(place)
                for (effect, known) in run.effects where effect.hasPrefix(place + "!") && !known.isSettled {
                    complain("G5: \(name) stored the end of \(place) and no result of \(effect)")
                }
            }
        case .element:
            let body = "\(record.activation ?? "")[\(record.number ?? -1)]"
            if !run.bodies.insert(body).inserted { complain("G4: \(name) stored twice how \(body) ended") }
        case .intent, .effect, .effectFailed, .resolved: effect(record, &run, name)
        case .asked, .answered, .expired, .slept, .signalled: wait(record, &run, name)
        default: break
        }
    }

    private mutating func claimed(_ record: JournalRecord, _ run: inout Run, _ name: String, _ now: Instant) {
        if let owner = run.owner, owner != record.name, let lease = leases[owner], now.wallTime < lease {
            complain("G8: \(name) was taken from \(owner), who is alive")
        }
        if run.owner != record.name, record.number != 0 { run.claims += 1 }
        run.owner = record.name
        run.mustEnd = run.isToEnd && !run.isUndone
        if let worker = record.name { run.fenced[worker] = nil }
        if run.claims > RunJournal.claims { complain("F19: \(name) was taken up \(run.claims) times in vain") }
    }

    /// What failed is open again.
    private func retried(_ record: JournalRecord, _ run: inout Run) {
        if let place = record.activation {
            for other in run.endings.keys where other.hasPrefix(place + "/") { run.endings[other] = nil }
            return
        }
        run.isEnded = false
        run.mustEnd = false
        for (place, isOpened) in run.endings where isOpened { run.endings[place] = nil }
    }

    private mutating func effect(_ record: JournalRecord, _ run: inout Run, _ name: String) {
        let place = Self.place(record.activation, record.name)
        var effect = run.effects[place] ?? Effect()
        if effect.hasResult { complain("G3: \(name) has a result of \(place), and then: \(record.line)") }
        switch record.tag {
        case .intent:
            effect.intents += 1
            effect.isSettled = false
            effect.kind = record.note ?? ""
            if effect.kind == "atMostOnce", effect.intents > 1 + effect.denials {
                complain("G5: \(name) tries \(place) again, which may happen once")
            }
        case .effect: effect.hasResult = true
        case .resolved:
            if record.value == nil { effect.denials += 1 } else { effect.hasResult = true }
        default: effect.isSettled = true
        }
        if effect.hasResult { effect.isSettled = true }
        run.effects[place] = effect
    }

    private mutating func wait(_ record: JournalRecord, _ run: inout Run, _ name: String) {
        let id = "\(record.activation ?? "")?\(record.name ?? "")"
        switch record.tag {
        case .asked:
            if !run.asked.insert(id).inserted { complain("G7: \(name) asked \(id) twice") }
        case .answered:
            if run.answered[id] != nil { complain("G7: \(name) took two answers to \(id)") }
            run.answered[id] = record.value ?? []
        case .slept:
            let place = Self.place(record.activation, "\(record.number ?? 0)")
            if run.sleeps[place] != nil { complain("G7: \(name) set the timer of \(place) twice") }
            run.sleeps[place] = record.time
        case .signalled:
            let isNew = run.signals.insert(record.value ?? []).inserted
            if !isNew { complain("G7: \(name) took one signal twice: \(record.line)") }
        default: break
        }
    }

    /// A worker learned that the run is not its own any more.
    mutating func fenced(_ worker: String, from name: String, at now: Instant) {
        if runs[name]?.owner == worker || runs[name]?.fenced[worker] != nil { return }
        runs[name]?.fenced[worker] = (now.uptime, 0)
    }

    /// A worker began a node.
    mutating func began(_ place: String, of name: String, by worker: String, at now: Instant) {
        guard let run = runs[name] else { return complain("G1: \(place) of \(name) runs, and nothing is stored of it") }
        tell("  \(worker) begins \(place) of \(name)")
        if let (since, nodes) = run.fenced[worker] {
            runs[name]?.fenced[worker] = (since, nodes + 1)
            // It has to read what is there before it knows, and that may fail for a while.
            if nodes >= 8, since + .seconds(30) < now.uptime {
                complain("G4: \(worker) goes on with \(name), though it was told that others have it")
            }
        }
        guard run.owner == worker else { return }
        if run.endings[place] != nil || run.bodies.contains(place) {
            complain("G3: \(place) of \(name) runs again, after its end was stored")
        }
    }

    static func place(_ activation: String?, _ name: String?) -> String { "\(activation ?? "")!\(name ?? "")" }
}

extension JournalRecord {
    /// For a person who looks for a mistake.
    var line: String {
        var line = tag.rawValue
        if let activation { line += " \(activation)" }
        if let name { line += " \"\(name)\"" }
        if let number { line += " \(number)" }
        if let choices { line += " \(choices)" }
        if let value, tag != .began, tag != .snapshot {
            line += " \(String(decoding: value.prefix(200), as: UTF8.self))"
        }
        if let note { line += " (\(note))" }
        if let time { line += " until \(time.milliseconds % 1_000_000_000)" }
        return line
    }
}
