/// Every decision about the firings of one trigger, as a plain value: which is taken, which is dropped and why, which run starts, which
/// one is to end, and when somebody has to look again.
///
/// It is fed with what happened and then asked for its ``turn(at:_:)``. What it decided counts once ``state`` is stored together
/// with what the turn asks for, and is forgotten otherwise: a copy of the machine is tried, never the machine itself.
package struct TriggerMachine: Sendable {
    package let name: String
    package let policy: TriggerPolicy
    package private(set) var state: TriggerState
    let planted = Planted()
    /// What was decided since the state was stored.
    private var news: [FiringRecord] = []

    package init(_ name: String, _ policy: TriggerPolicy, _ state: TriggerState) {
        self.name = name
        self.policy = policy
        self.state = state
    }

    /// The run that a firing starts: the same whoever starts it, and however often.
    package static func run(of firing: Firing.ID, of trigger: String) -> RunID { RunID("\(trigger)@\(firing)") }

    // MARK: What happened

    /// A firing was told that no schedule knew beforehand.
    package mutating func arrived(_ firing: Firing, at now: WallTime) {
        if let position = firing.position { state.position = position }
        if state.isPaused, firing.position == nil {
            drop(firing.id, firing.due, FiringLoss(.paused), at: now)
        } else {
            admit(firing, at: now)
        }
    }

    /// A trigger got on without a firing.
    package mutating func moved(to position: TriggerPosition) { state.position = position }

    /// Takes the firings that a schedule has had since the last look, and decides about those that were missed.
    package mutating func elapsed(_ schedule: Schedule, at now: WallTime) {
        guard !state.isPaused else { return }
        let horizon = now.advanced(by: .zero - policy.tolerance)
        if horizon > state.time { makeGood(schedule, before: horizon, at: now) }
        var count = 0
        while count < 100, let due = schedule.next(after: state.time), due <= now {
            take(due, missed: 0, at: now)
            count += 1
        }
    }

    /// A run of this trigger has ended.
    package mutating func ended(_ run: RunID) {
        if state.cancelled == run { state.cancelled = nil }
        state.active.removeAll { $0 == run }
        state.filling.removeAll { $0 == run }
    }

    /// Nothing starts until it is resumed.
    package mutating func pause() { state.isPaused = true }

    package mutating func resume() { state.isPaused = false }

    /// What a schedule had in a range of the past is to be run, `atOnce` of it side by side.
    package mutating func fill(_ range: Range<WallTime>, atOnce: Int) {
        let before = WallTime(milliseconds: range.lowerBound.milliseconds - 1)
        let end = WallTime(milliseconds: min(range.upperBound.milliseconds - 1, state.time.milliseconds))
        guard before < end else { return }
        state.backfills.append(TriggerState.Backfill(position: before, end: end, atOnce: max(1, atOnce)))
    }

    /// No run can be made of a firing that was to start.
    package mutating func refused(_ start: TriggerTurn.Start, _ detail: String, at now: WallTime) {
        lose(start, FiringLoss(.refused, detail), at: now)
    }

    /// A firing that was to start has had its run before.
    package mutating func repeated(_ start: TriggerTurn.Start, at now: WallTime) {
        lose(start, FiringLoss(.repeated), at: now)
    }

    private mutating func lose(_ start: TriggerTurn.Start, _ loss: FiringLoss, at now: WallTime) {
        let due = start.firing.due
        if start.isFill {
            guard let place = state.backfills.firstIndex(where: { $0.position < due && due <= $0.end }) else { return }
            state.backfills[place].position = due
        } else {
            state.waiting.removeAll { $0.id == start.firing.id }
        }
        drop(start.firing.id, due, loss, at: now)
    }
}

extension TriggerMachine {
    /// Decides about what was due before `horizon`: the newest are made good as the policy says.
    private mutating func makeGood(_ schedule: Schedule, before horizon: WallTime, at now: WallTime) {
        var most: Int
        switch policy.misfire {
        case .skip: most = 0
        case .runOnce: most = 1
        case .runAll(let bound): most = max(0, bound)
        }
        if planted(.misfireBoundOff) { most += 1 }
        var newest: [WallTime] = []
        var lost = 0
        var moment = horizon
        while lost <= Self.counted, let due = schedule.previous(before: moment), due > state.time {
            if newest.count < most { newest.append(due) } else { lost += 1 }
            moment = due
        }
        if lost > 0 {
            let some = lost > Self.counted ? "\(Self.counted) or more" : "\(lost)"
            let last = WallTime(milliseconds: moment.milliseconds)
            note(
                FiringRecord(
                    id: "\(last.milliseconds)", due: last, decided: now,
                    outcome: .dropped(FiringLoss(.missed, "\(some) firings"))), counting: lost)
        }
        for due in newest.reversed() { take(due, missed: policy.misfire == .runOnce ? lost : 0, at: now) }
        // What was missed is decided, down to the last.
        if newest.isEmpty, lost > 0 {
            state.position = TriggerPosition("\(horizon.milliseconds - 1)")
        }
    }

    /// How many missed firings are counted; beyond that there are many.
    private static let counted = 10_000

    private mutating func take(_ due: WallTime, missed: Int, at now: WallTime) {
        let position = TriggerPosition("\(due.milliseconds)")
        var firing = Firing(position.rawValue, due: due, position: position)
        firing.missed = missed
        state.position = position
        admit(firing, at: now)
    }

    private mutating func admit(_ firing: Firing, at now: WallTime) {
        if state.waiting.count >= policy.waiting { return drop(firing.id, firing.due, FiringLoss(.full), at: now) }
        let waiting = TriggerState.Waiting(
            id: firing.id, due: firing.due, from: firing.due.advanced(by: policy.delay(of: firing.id, of: name)),
            missed: firing.missed > 0 ? firing.missed : nil, isLoaded: firing.payload == .null ? nil : true,
            isOnce: firing.position == nil ? true : nil)
        let place = state.waiting.firstIndex { $0.from > waiting.from } ?? state.waiting.count
        state.waiting.insert(waiting, at: place)
    }

    private mutating func drop(_ id: Firing.ID, _ due: WallTime, _ loss: FiringLoss, at now: WallTime) {
        note(FiringRecord(id: id, due: due, decided: now, outcome: .dropped(loss)), counting: 1)
    }

    private mutating func note(_ record: FiringRecord, counting count: Int) {
        switch record.outcome {
        case .started: state.started += count
        case .dropped(let loss): state.losses[loss.reason.rawValue, default: 0] += count
        case .waiting, .repeated: break
        }
        state.recent.append(record)
        if state.recent.count > FiringRecord.kept { state.recent.removeFirst(state.recent.count - FiringRecord.kept) }
        news.append(record)
    }
}

/// What follows from what a machine was told.
package struct TriggerTurn: Sendable, Hashable {
    /// A run to start.
    package struct Start: Sendable, Hashable {
        package var firing: TriggerState.Waiting
        package var run: RunID
        /// Whether the machine has to hear when it has ended.
        package var isTracked: Bool
        /// Whether it is one of the past.
        package var isFill = false
    }

    package var start: Start?
    /// A run to cancel, unless it has ended.
    package var cancel: RunID?
    /// What was decided for good.
    package var decided: [FiringRecord] = []
    /// Whether there is more to do at once.
    package var hasMore = false
}

extension TriggerMachine {
    /// What is to be done now; one run at most, since it is stored together with its start.
    package mutating func turn(at now: WallTime, _ schedule: Schedule? = nil) -> TriggerTurn {
        var turn = TriggerTurn()
        if !state.isPaused || planted(.startsWhilePaused) {
            var ready = state.waiting.prefix { $0.from <= now }
            settle(&ready, &turn, at: now)
            if turn.start == nil, let schedule { fill(&turn, schedule, at: now) }
        }
        turn.decided = news
        news = []
        state.version += 1
        return turn
    }

    /// When there is something to do by itself; `nil` if never.
    package func wake(after now: WallTime, _ schedule: Schedule?) -> WallTime? {
        if state.isPaused { return nil }
        // What is ready and has not started waits for the end of a run.
        let next = isFree || policy.overlap == .allow ? state.waiting.first : state.waiting.first { $0.from > now }
        return [schedule.flatMap { $0.next(after: state.time) }, next?.from].compactMap(\.self).min()
    }

    private var isFree: Bool { state.active.isEmpty }

    private mutating func settle(
        _ ready: inout ArraySlice<TriggerState.Waiting>, _ turn: inout TriggerTurn, at now: WallTime
    ) {
        switch policy.overlap {
        case .allow:
            if let first = ready.first { start(first, &turn, isTracked: false, at: now) }
            turn.hasMore = ready.count > 1
        case .skip:
            if isFree, let first = ready.popFirst() { start(first, &turn, isTracked: true, at: now) }
            for late in ready { leave(late, .overlap, at: now) }
        case .queue(let most):
            if isFree, let first = ready.popFirst() { start(first, &turn, isTracked: true, at: now) }
            for late in ready.dropFirst(max(0, most)) { leave(late, .full, at: now) }
        case .cancelOlder:
            guard let newest = ready.popLast() else { return }
            for older in ready { leave(older, .replaced, at: now) }
            if isFree {
                start(newest, &turn, isTracked: true, at: now)
            } else if let older = state.active.first, state.cancelled != older {
                state.cancelled = older
                turn.cancel = older
            }
        }
    }

    private mutating func start(
        _ waiting: TriggerState.Waiting, _ turn: inout TriggerTurn, isTracked: Bool, at now: WallTime
    ) {
        let run = Self.run(of: waiting.id, of: name)
        state.waiting.removeAll { $0.id == waiting.id }
        if isTracked, !planted(.runsOverlap) { state.active.append(run) }
        note(FiringRecord(id: waiting.id, due: waiting.due, decided: now, outcome: .started(run)), counting: 1)
        turn.start = TriggerTurn.Start(firing: waiting, run: run, isTracked: isTracked)
    }

    private mutating func leave(_ waiting: TriggerState.Waiting, _ reason: FiringLoss.Reason, at now: WallTime) {
        state.waiting.removeAll { $0.id == waiting.id }
        drop(waiting.id, waiting.due, FiringLoss(reason), at: now)
    }

    /// Starts the next run of the past.
    private mutating func fill(_ turn: inout TriggerTurn, _ schedule: Schedule, at now: WallTime) {
        while let first = state.backfills.first, state.filling.count < first.atOnce {
            guard let due = schedule.next(after: first.position), due <= first.end else {
                state.backfills.removeFirst()
                continue
            }
            state.backfills[0].position = due
            let run = Self.run(of: "\(due.milliseconds)", of: name)
            state.filling.append(run)
            let firing = TriggerState.Waiting(id: "\(due.milliseconds)", due: due, from: now)
            note(FiringRecord(id: firing.id, due: due, decided: now, outcome: .started(run)), counting: 1)
            turn.start = TriggerTurn.Start(firing: firing, run: run, isTracked: true, isFill: true)
            turn.hasMore = true
            return
        }
    }
}
