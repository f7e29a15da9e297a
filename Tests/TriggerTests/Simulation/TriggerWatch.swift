import Apus

/// Compares every commit of a simulation with what triggers promise.
struct TriggerWatch: Sendable {
    private let plans: [String: TriggerPlan]
    private var states: [String: TriggerState] = [:]
    private var existing: Set<RunID> = []
    private var live: [String: Set<RunID>] = [:]
    private var fills: Set<RunID> = []
    private(set) var created: [RunID: Int] = [:]
    private(set) var complaints: [String] = []
    private(set) var story: [String] = []

    init(_ plans: [TriggerPlan]) { self.plans = Dictionary(uniqueKeysWithValues: plans.map { ($0.name, $0) }) }

    mutating func complain(_ text: String) { if complaints.count < 5 { complaints.append(text) } }

    mutating func applied(_ batch: StorageBatch, at now: WallTime) {
        var heads: [RunHead] = []
        var changes: [String: TriggerState] = [:]
        for write in batch.writes {
            switch write {
            case .put(let key, let value, _):
                let parts = key.parts
                if parts[0] == "run", parts.count == 2,
                    let head = try? RunHead(StorageEntry(key, value), id: RunID(parts[1]))
                {
                    heads.append(head)
                } else if parts[0] == "trigger", let state = try? StorageEntry(key, value).load(TriggerState.self) {
                    changes[parts[1]] = state
                }
            case .delete(let key):
                if key.parts[0] == "run", key.parts.count == 2 { existing.remove(RunID(key.parts[1])) }
            case .deleteRange: break
            }
        }
        let begun = heads.filter { !existing.contains($0.id) }
        for name in changes.keys.sorted() {
            guard let new = changes[name] else { continue }
            story.append("\(now.milliseconds) \(name) \(new.version) at \(new.position?.rawValue ?? "-")")
            for record in new.recent where !(states[name]?.recent.contains(record) ?? false) {
                story.append("    \(record.id) \(record.outcome)")
            }
            compare(name, new, begun.map(\.id), at: now)
            states[name] = new
        }
        for head in heads { note(head, isNew: begun.contains(head), inCommitOf: changes) }
    }

    private mutating func note(_ head: RunHead, isNew: Bool, inCommitOf changes: [String: TriggerState]) {
        guard let (trigger, _) = TriggerPlan.firing(of: head.id) else { return }
        if isNew {
            existing.insert(head.id)
            if changes[trigger] == nil { complain("\(head.id) has started apart from its trigger") }
            let isFill = changes[trigger]?.filling.contains(head.id) ?? false
            if isFill { fills.insert(head.id) } else { created[head.id, default: 0] += 1 }
            if created[head.id, default: 0] > 1 { complain("\(head.id) has started twice") }
            story.append("    starts \(head.id)")
        }
        if head.status.isTerminal {
            live[trigger]?.remove(head.id)
        } else if !fills.contains(head.id) {
            live[trigger, default: []].insert(head.id)
            let running = live[trigger]?.count ?? 0
            if running > 1, plans[trigger]?.policy.overlap != .allow {
                complain("\(running) runs of \(trigger) at once")
            }
        }
    }

    private mutating func compare(_ name: String, _ new: TriggerState, _ begun: [RunID], at now: WallTime) {
        guard let old = states[name], let plan = plans[name] else { return }
        if new.version != old.version + 1 { complain("\(name): \(new.version) follows \(old.version)") }
        let starts = new.started - old.started
        if starts != begun.count { complain("\(name): \(starts) started, \(begun) stored") }
        if starts > 0, old.isPaused { complain("\(name): \(begun) starts while it is paused") }
        let isFilled = begun.contains { new.filling.contains($0) }
        if let record = new.recent.last, starts > 0, !isFilled, !begun.isEmpty {
            let delay = plan.policy.delay(of: record.id, of: name)
            let start = new.recent.last { $0.outcome == .started(begun[0]) } ?? record
            if start.decided < start.due.advanced(by: plan.policy.delay(of: start.id, of: name)) {
                complain("\(name): \(record.id) does not wait for its delay of \(delay)")
            }
        }
        if plan.kind == .tick, let schedule = plan.schedule {
            account(name, old, new, schedule, fills: isFilled ? 1 : 0, at: now, plan.policy)
        }
        if loss(.overlap, old, new) > 0, old.active.isEmpty, starts == 0 {
            complain("\(name): a firing is dropped though nothing runs")
        }
        if plan.kind == .hook, loss(.repeated, old, new) > 0 {
            complain("\(name): what came again was not known")
        }
        if loss(.replaced, old, new) > 0, new.waiting.isEmpty, starts == 0 {
            complain("\(name): nothing has replaced a firing")
        }
    }

    private func loss(_ reason: FiringLoss.Reason, _ old: TriggerState, _ new: TriggerState) -> Int {
        (new.losses[reason.rawValue] ?? 0) - (old.losses[reason.rawValue] ?? 0)
    }

    /// Each moment that a trigger goes past is waiting, started or lost, and of the late ones no more are taken than may be.
    private mutating func account(
        _ name: String, _ old: TriggerState, _ new: TriggerState, _ schedule: Schedule, fills: Int, at now: WallTime,
        _ policy: TriggerPolicy
    ) {
        var passed: [WallTime] = []
        while let next = schedule.next(after: passed.last ?? old.time), next <= new.time { passed.append(next) }
        var lost = new.losses.values.reduce(0, +) - old.losses.values.reduce(0, +)
        if old.backfills != new.backfills { lost -= loss(.repeated, old, new) - repeatedOfWaiting(old, new) }
        let taken = new.started - old.started - fills + new.waiting.count - old.waiting.count
        if taken + lost != passed.count {
            complain(
                "\(name): of \(passed.count) firings \(taken) are taken and \(lost) lost: \(old.time) to \(new.time)")
        }
        let bound =
            switch policy.misfire {
            case .skip: 0
            case .runOnce: 1
            case .runAll(let most): most
            }
        let missed = loss(.missed, old, new)
        if let record = new.recent.last, !old.recent.contains(record) {
            // What was decided tells by which clock, and then there is no slack.
            let horizon = record.decided.advanced(by: .zero - policy.tolerance)
            let overdue = passed.count { $0 < horizon }
            if overdue - missed != min(bound, overdue) {
                complain("\(name): of \(overdue) that were late \(missed) are lost, \(policy.misfire)")
            }
        } else {
            // Its host may have stood still before this was stored.
            let late = passed.count { $0.advanced(by: policy.tolerance + .seconds(20)) < now }
            if late - missed > bound { complain("\(name): \(late) late firings are taken, \(policy.misfire)") }
        }
    }

    /// How many that waited have had their run already: a person let the past be filled, and it was part of that.
    private func repeatedOfWaiting(_ old: TriggerState, _ new: TriggerState) -> Int {
        let left = Set(old.waiting.map(\.id)).subtracting(new.waiting.map(\.id))
        let repeated = new.recent.filter { !old.recent.contains($0) && $0.outcome == .dropped(FiringLoss(.repeated)) }
        return left.intersection(repeated.map(\.id)).count
    }
}
