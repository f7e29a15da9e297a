/// Which event of a subscription is handled next, and how far it is: every decision of a courier, as a plain value.
///
/// Events of one key stand in a line, of which only the first is handled. An event leaves its line when it is settled: handled, or
/// written down as a dead letter.
struct DeliveryMachine: Sendable {
    private enum Stage: Sendable {
        /// It stands in its line, and may be the first of it.
        case waiting
        /// That it begins is to be written down first.
        case announced
        case running
        /// It has been handled, which is written down with the next commit; its line waits for that.
        case handled
        case settled
    }

    private struct Entry: Sendable {
        var key: String
        var stage = Stage.waiting
        var attempts = 0
        /// Before this moment it is not tried again.
        var due: WallTime?
    }

    private struct Alarm: Comparable, Sendable {
        var due: WallTime
        var sequence: Int

        static func < (left: Self, right: Self) -> Bool { (left.due, left.sequence) < (right.due, right.sequence) }
    }

    let concurrency: Int
    let window: Int
    private let planted = Planted()
    /// All before it are settled.
    private(set) var position: Int
    /// All before it have been seen.
    private(set) var head: Int
    private(set) var running = 0
    /// How many events were dropped before they were seen.
    private var missed: Int
    /// Whether something is settled, or failed, that is not written down.
    private(set) var isDirty = false
    private var entries: [Int: Entry] = [:]
    /// What was settled before this machine began.
    private let past: SubscriptionCursor
    /// The numbers of each key that are not settled, the first to be handled first.
    private var lines: [String: [Int]] = [:]
    private var ready = MinHeap<Int>()
    private var alarms = MinHeap<Alarm>()
    /// The event that runs alone, or will once it is written down that it begins.
    private var suspect: Int?
    /// Whether the last snapshot says that the suspect begins, and whether that is written down.
    private var (isAnnouncing, isAnnounced) = (false, false)
    /// Attempts that ended with their process.
    private var crashed: [(sequence: Int, attempt: Int)] = []

    init(_ cursor: SubscriptionCursor, concurrency: Int, window: Int) {
        past = cursor
        (position, head) = (cursor.position, cursor.position)
        missed = cursor.missed ?? 0
        (self.concurrency, self.window) = (max(1, concurrency), max(1, window))
    }

    /// How many events may be seen beyond those that have been.
    var room: Int { max(0, window - (head - position)) }
    var isIdle: Bool { running == 0 }

    /// Events have been seen up to `end`; the subscription wants those in `wanted`.
    mutating func arrived(_ wanted: [(sequence: Int, key: String)], end: Int) {
        for (sequence, key) in wanted where sequence >= head && !past.isDone(sequence) { add(sequence, key) }
        head = max(head, end)
        advance()
    }

    /// A dead letter is to be handled once more: before all others of its key but one that is under way.
    ///
    /// Returns whether it was not known yet.
    mutating func again(_ sequence: Int, _ key: String) -> Bool {
        guard entries[sequence] == nil, sequence < head else { return false }
        add(sequence, key)
        return true
    }

    /// Events before `first` are no longer kept.
    mutating func skip(to first: Int) {
        missed += max(0, first - head)
        head = max(head, first)
        advance()
        isDirty = true
    }

    /// The event to handle next, with the number of the attempt; it counts as running from now on.
    mutating func next(at now: WallTime) -> (sequence: Int, attempt: Int)? {
        while let alarm = alarms.min, alarm.due <= now {
            _ = alarms.popMin()
            if entries[alarm.sequence]?.stage == .waiting { offer(alarm.sequence) }
        }
        if let suspect { return begin(suspect) }
        while running < concurrency, let sequence = ready.popMin() {
            guard let entry = entries[sequence], entry.stage == .waiting, mayRun(sequence, entry) else { continue }
            if let due = entry.due, due > now {
                alarms.insert(Alarm(due: due, sequence: sequence))
                continue
            }
            if sequence < past.careful ?? 0 {
                entries[sequence]?.stage = .announced
                (suspect, isAnnounced, isDirty) = (sequence, false, true)
                return nil
            }
            entries[sequence]?.stage = .running
            running += 1
            return (sequence, entry.attempts + 1)
        }
        return nil
    }

    /// When an event may be tried again, if one waits for that.
    var due: WallTime? { alarms.min?.due }

    /// An attempt has succeeded. With `holdsLine` the next of its key waits until that is written down.
    mutating func handled(_ sequence: Int, holdsLine: Bool) {
        end(sequence, .handled)
        isDirty = true
        if !holdsLine { settle(sequence) }
    }

    /// An attempt has failed, and the next one is due.
    mutating func failed(_ sequence: Int, due: WallTime) {
        end(sequence, .waiting)
        entries[sequence]?.attempts += 1
        entries[sequence]?.due = due
        alarms.insert(Alarm(due: due, sequence: sequence))
        isDirty = true
        if planted(.retryLosesItsTurn), let key = entries[sequence]?.key { turn(key) }
    }

    /// An attempt was given up, and counts for nothing.
    mutating func released(_ sequence: Int) {
        end(sequence, .waiting)
        offer(sequence)
    }

    /// How far it is, once those in `written` are written down as handled.
    mutating func snapshot(with written: Set<Int>) -> SubscriptionCursor {
        var cursor = past
        let open = entries.filter { !isOver($0.value, $0.key, written) }.keys.sorted()
        let ahead = open.drop { $0 < position }
        cursor.position = ahead.first ?? head
        cursor.done = []
        var start = cursor.position
        for sequence in ahead {
            if sequence > start { cursor.done.append([start, sequence - 1]) }
            start = sequence + 1
        }
        if start < head { cursor.done.append([start, head - 1]) }
        cursor.done += past.done.filter { $0[1] >= head }.map { [max($0[0], head), $0[1]] }
        cursor.trials = open.compactMap { sequence in
            guard let entry = entries[sequence], entry.attempts > 0 || sequence == suspect else { return nil }
            let due = entry.due ?? WallTime(milliseconds: 0)
            return SubscriptionCursor.Trial(
                sequence: sequence, attempts: entry.attempts, due: due, isBegun: sequence == suspect ? true : nil)
        }
        isAnnouncing = suspect != nil
        cursor.trials += past.trials.filter { $0.sequence >= head }
        cursor.missed = missed > 0 ? missed : nil
        isDirty = false
        return cursor
    }

    /// What a snapshot said of these is written down.
    mutating func committed(_ sequences: [Int]) {
        for sequence in sequences where entries[sequence]?.stage == .handled { settle(sequence) }
        if isAnnouncing { isAnnounced = true }
        advance()
    }

    /// A snapshot was not written down.
    mutating func notCommitted() { (isDirty, isAnnouncing) = (true, false) }

    private func isOver(_ entry: Entry, _ sequence: Int, _ written: Set<Int>) -> Bool {
        switch entry.stage {
        case .waiting, .announced: false
        case .running: planted(.cursorBeforeHandling)
        case .handled: written.contains(sequence)
        case .settled: true
        }
    }
}

/// What goes on where processes have died again and again: one event at a time, and it is written down first that it begins.
extension DeliveryMachine {
    /// Runs an event alone, when it is written down that it begins.
    private mutating func begin(_ suspect: Int) -> (sequence: Int, attempt: Int)? {
        guard isAnnounced, running == 0, let entry = entries[suspect], entry.stage == .announced else { return nil }
        entries[suspect]?.stage = .running
        running = 1
        return (suspect, entry.attempts + 1)
    }

    /// The attempts of events that have arrived which began elsewhere, and ended with their process. Each is to be told as failed.
    mutating func takeCrashed() -> [(sequence: Int, attempt: Int)] {
        defer { crashed = [] }
        return crashed
    }

    /// Nothing begins any more.
    mutating func retract() {
        if let suspect, entries[suspect]?.stage == .announced { released(suspect) }
    }
}

extension DeliveryMachine {
    private mutating func add(_ sequence: Int, _ key: String) {
        var entry = Entry(key: key)
        if let trial = past.trials.first(where: { $0.sequence == sequence }) {
            (entry.attempts, entry.due) = (trial.attempts, trial.due)
            if trial.isBegun ?? false, !planted(.crashNotCounted) { crashed.append((sequence, trial.attempts + 1)) }
        }
        entries[sequence] = entry
        var line = lines[key] ?? []
        let isFirstBusy = line.first.flatMap { entries[$0] }.map { $0.stage != .waiting } ?? false
        line.insert(sequence, at: line.firstIndex { $0 > sequence && !(isFirstBusy && $0 == line[0]) } ?? line.count)
        lines[key] = line
        offer(sequence)
    }

    /// Lets an event be chosen, if it is the first of its line.
    private mutating func offer(_ sequence: Int) {
        if let entry = entries[sequence], mayRun(sequence, entry) { ready.insert(sequence) }
    }

    private func mayRun(_ sequence: Int, _ entry: Entry) -> Bool {
        lines[entry.key]?.first == sequence || planted(.keysSideBySide)
    }

    private mutating func end(_ sequence: Int, _ stage: Stage) {
        if entries[sequence]?.stage == .running { running -= 1 }
        if suspect == sequence { (suspect, isAnnouncing, isAnnounced) = (nil, false, false) }
        entries[sequence]?.stage = stage
    }

    /// An event leaves its line, and the next of its key may be handled.
    private mutating func settle(_ sequence: Int) {
        guard let key = entries[sequence]?.key else { return }
        entries[sequence]?.stage = .settled
        lines[key]?.removeAll { $0 == sequence }
        if sequence < position { entries[sequence] = nil }
        if let next = lines[key]?.first { offer(next) } else { lines[key] = nil }
        advance()
    }

    /// Lets the second of a line come first.
    private mutating func turn(_ key: String) {
        guard var line = lines[key], line.count > 1 else { return }
        line.append(line.removeFirst())
        lines[key] = line
        offer(line[0])
    }

    private mutating func advance() {
        while position < head {
            if let entry = entries[position], entry.stage != .settled { return }
            entries[position] = nil
            position += 1
        }
    }
}
