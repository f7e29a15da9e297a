/// Every decision of a work queue: what starts next, what has expired, and when to look again.
///
/// Keys take turns: the one that has had the least for its weight is next, and one that had nothing to do gets nothing for
/// the time it slept. Within a key the least ``QueuedWork/place`` is next. Times come in with each call, and never decide
/// but by what is delayed, expired or limited.
struct QueueMachine: Sendable {
    enum Decision: Sendable, Equatable {
        /// It has its place from now on; ``ended(_:)`` or ``giveBack(_:at:)`` frees it.
        case start(QueuedWork)
        case expire(QueuedWork)

        var work: QueuedWork {
            switch self {
            case .start(let work), .expire(let work): work
            }
        }
    }

    let limits: QueueLimits
    private(set) var waiting: [RunID: QueuedWork] = [:]
    private var running: [RunID: String] = [:]
    private var lines: [String: QueueLine] = [:]
    /// Lines that have something to start and may, the one that is next at the top.
    private var turns = MinHeap<Turn>()
    /// What waits for a moment: work that is delayed, and lines whose starts are used up.
    private var alarms = MinHeap<Alarm>()
    private var expiries = MinHeap<Moment>()
    /// What waits in the order in which it was put there; what does not wait any more is passed over.
    private var ages = MinHeap<Moment>()
    private var starts: StartWindows
    /// How much the line that started last had had by then.
    private var virtualTime = 0.0
    private var arrivals = 0
    private let planted = Planted()

    init(_ limits: QueueLimits) {
        self.limits = limits
        starts = StartWindows(limits.starts.filter { !$0.isPerKey })
    }

    var runningCount: Int { running.count }
    func isRunning(_ run: RunID) -> Bool { running[run] != nil }

    /// When the oldest of what waits was put there.
    mutating func oldest() -> WallTime? {
        while let first = ages.min {
            if waiting[first.run]?.number == first.number { return first.moment }
            _ = ages.popMin()
        }
        return nil
    }
}

extension QueueMachine {
    /// Takes work into the line; work of this id that waits already is replaced.
    mutating func add(_ work: QueuedWork, at now: WallTime) {
        if waiting[work.id] != nil { remove(work.id) }
        var work = work
        arrivals += 1
        work.number = arrivals
        waiting[work.id] = work
        ages.insert(Moment(moment: work.enqueued, number: arrivals, run: work.id))
        if let expires = work.expires { expiries.insert(Moment(moment: expires, number: arrivals, run: work.id)) }
        if let moment = work.notBefore, moment > now {
            alarms.insert(Alarm(moment: moment, number: arrivals, what: .work(work.id)))
        } else {
            line(work)
        }
    }

    /// Takes work out that has not been started; returns whether it waited.
    @discardableResult
    mutating func remove(_ run: RunID) -> Bool { waiting.removeValue(forKey: run) != nil }

    /// Notes work that was started before, by this lead or another one.
    mutating func resume(_ run: RunID, key: String) {
        running[run] = key
        lines[key, default: QueueLine(limits)].running += 1
    }

    /// Notes when work of a key was started, for the limits on starts.
    mutating func countStart(of key: String, at moment: WallTime) {
        starts.count(moment)
        lines[key, default: QueueLine(limits)].starts.count(moment)
    }

    /// Work has ended; its place is free.
    mutating func ended(_ run: RunID) {
        guard let key = running.removeValue(forKey: run) else { return }
        lines[key]?.running -= 1
        offer(key)
    }

    /// Work that was to be started is in its line again.
    mutating func giveBack(_ work: QueuedWork, at now: WallTime) {
        ended(work.id)
        add(work, at: now)
    }

    /// What is to be done now; `nil` when nothing is, until ``wake``.
    mutating func next(at now: WallTime) -> Decision? {
        if let work = planted(.expiredStarts) ? nil : nextExpired(at: now) { return .expire(work) }
        ring(at: now)
        guard running.count < limits.concurrency, starts.free(at: now) == nil else { return nil }
        while let turn = turns.min {
            guard var line = lines[turn.key], line.ticket == turn.ticket else {
                _ = turns.popMin()
                continue
            }
            _ = turns.popMin()
            line.ticket = nil
            guard let run = front(of: &line, turn.key), line.running < perKey else {
                settle(turn.key, line, at: now)
                continue
            }
            if let free = line.starts.free(at: now) {
                lines[turn.key] = line
                arrivals += 1
                alarms.insert(Alarm(moment: free, number: arrivals, what: .line(turn.key)))
                continue
            }
            return .start(begin(run, of: line, turn.key, at: now))
        }
        return nil
    }

    /// The next moment at which ``next(at:)`` may have something that it has not now, if nothing comes before.
    func wake(after now: WallTime) -> WallTime? {
        var moments: [WallTime] = []
        if let alarm = alarms.min { moments.append(alarm.moment) }
        if let expiry = expiries.min { moments.append(expiry.moment) }
        if !turns.isEmpty, running.count < limits.concurrency, let free = starts.free(at: now) { moments.append(free) }
        return moments.min()
    }
}

extension QueueMachine {
    private mutating func begin(_ run: RunID, of line: QueueLine, _ key: String, at now: WallTime) -> QueuedWork {
        var line = line
        guard let work = waiting.removeValue(forKey: run) else { preconditionFailure("\(run) does not wait") }
        _ = line.works.popMin()
        virtualTime = max(virtualTime, line.pass)
        line.pass += planted(.sharesNotCounted) ? 0 : work.cost
        line.running += 1
        line.ticket = nil
        line.starts.count(now)
        starts.count(now)
        running[run] = key
        lines[key] = line
        offer(key)
        return work
    }

    /// The work of a line that is next; work that is gone is passed over.
    private func front(of line: inout QueueLine, _ key: String) -> RunID? {
        while let first = line.works.min {
            if waiting[first.run]?.number == first.number { return first.run }
            _ = line.works.popMin()
        }
        return nil
    }

    private mutating func line(_ work: QueuedWork) {
        lines[work.key, default: QueueLine(limits)].works.insert(
            QueueLine.Work(place: work.place, number: work.number, run: work.id))
        offer(work.key)
    }

    /// Lets a line take its turn, if it has something to start and may.
    private mutating func offer(_ key: String) {
        guard var line = lines[key], line.ticket == nil else { return }
        guard !line.works.isEmpty, line.running < perKey else { return }
        line.pass = planted(.sleepersSaveShares) ? line.pass : max(line.pass, virtualTime)
        arrivals += 1
        line.ticket = arrivals
        turns.insert(Turn(pass: line.pass, ticket: arrivals, key: key))
        lines[key] = line
    }

    private var perKey: Int { planted(.keyLimitForgotten) ? .max : limits.concurrencyPerKey ?? .max }

    /// Keeps what is to be remembered of a line: one that has had no more than others needs no memory.
    private mutating func settle(_ key: String, _ line: QueueLine, at now: WallTime) {
        let isForgettable = line.isIdle && line.pass <= virtualTime && line.starts.isEmpty(at: now)
        lines[key] = isForgettable ? nil : line
    }

    private mutating func nextExpired(at now: WallTime) -> QueuedWork? {
        while let first = expiries.min, first.moment <= now {
            _ = expiries.popMin()
            guard let work = waiting[first.run], work.number == first.number else { continue }
            waiting[first.run] = nil
            return work
        }
        return nil
    }

    /// Lets what waited for a moment that has come take its place.
    private mutating func ring(at now: WallTime) {
        while let first = alarms.min, first.moment <= now {
            _ = alarms.popMin()
            switch first.what {
            case .work(let run):
                if let work = waiting[run], work.number == first.number { line(work) }
            case .line(let key): offer(key)
            }
        }
    }

    /// Forgets lines that have had no more than others by now; called now and then.
    mutating func forget(at now: WallTime) {
        _ = oldest()
        for key in lines.keys.sorted() {
            guard let line = lines[key], line.isIdle, line.ticket == nil else { continue }
            settle(key, line, at: now)
        }
    }
}

extension QueueMachine {
    private struct Turn: Comparable {
        var pass: Double
        var ticket: Int
        var key: String

        static func < (left: Self, right: Self) -> Bool { (left.pass, left.ticket) < (right.pass, right.ticket) }
    }

    private struct Alarm: Comparable {
        enum What: Equatable {
            case work(RunID)
            case line(String)
        }

        var moment: WallTime
        var number: Int
        var what: What

        static func < (left: Self, right: Self) -> Bool { (left.moment, left.number) < (right.moment, right.number) }
    }

    /// A moment of a piece of work.
    private struct Moment: Comparable {
        var moment: WallTime
        var number: Int
        var run: RunID

        static func < (left: Self, right: Self) -> Bool { (left.moment, left.number) < (right.moment, right.number) }
    }
}
