@testable import Apus
import ApusTesting

/// Looks at every decision of a queue with plain lists, and says what is wrong with it.
struct QueueReferee {
    private(set) var complaints: [String] = []
    private var waiting: [QueuedWork] = []
    private var running: [RunID: String] = [:]
    private var starts: [(key: String, moment: WallTime)] = []
    /// How often keys that may start something have been started since they may, by their cost.
    private var served: [String: Double] = [:]
    private var costs: [String: Double] = [:]
    private let limits: QueueLimits

    init(_ limits: QueueLimits) { self.limits = limits }

    var runs: [RunID] { running.keys.sorted { $0.value < $1.value } }
    var waitingRuns: [RunID] { waiting.map(\.id) }

    mutating func added(_ work: QueuedWork) { waiting.append(work) }
    mutating func removed(_ run: RunID) { waiting.removeAll { $0.id == run } }
    mutating func ended(_ run: RunID) { running[run] = nil }

    mutating func decided(_ decision: QueueMachine.Decision?, at now: WallTime, wake: WallTime?) {
        notice(at: now)
        switch decision {
        case .start(let work): started(work, at: now)
        case .expire(let work):
            if !waiting.contains(where: { $0.id == work.id }) { complain("\(work.id) expires but does not wait") }
            if work.expires.map({ $0 > now }) ?? true { complain("\(work.id) expires too early") }
            removed(work.id)
        case nil:
            if let missed = ready(at: now).first { complain("\(missed.id) may start and does not") }
            if let late = waiting.first(where: { $0.expires.map { $0 <= now } ?? false }) {
                complain("\(late.id) has expired")
            }
            check(wake, after: now)
        }
    }

    private mutating func started(_ work: QueuedWork, at now: WallTime) {
        let ready = ready(at: now)
        guard ready.contains(where: { $0.id == work.id }) else { return complain("\(work.id) may not start") }
        if let expires = work.expires, expires <= now { complain("\(work.id) starts though it has expired") }
        if let better = ready.first(where: { $0.key == work.key && ($0.place, $0.number) < (work.place, work.number) })
        {
            complain("\(better.id) stands before \(work.id)")
        }
        removed(work.id)
        running[work.id] = work.key
        starts.append((work.key, now))
        served[work.key, default: 0] += work.cost
        costs[work.key] = work.cost
        for (key, share) in served where served[work.key, default: 0] - share > work.cost + costs[key, default: 2] {
            complain("\(work.key) has had \(served[work.key] ?? 0) while \(key) has had \(share)")
        }
        notice(at: now)
    }

    /// Keys that may start something take part in the turns from now on, others do not.
    private mutating func notice(at now: WallTime) {
        let keys = Set(due(at: now).map(\.key)).filter { hasRoom($0, at: now) }
        served = served.filter { keys.contains($0.key) }
        let newcomers = keys.subtracting(served.keys)
        // Whoever joins or leaves, the count begins anew for all.
        if !newcomers.isEmpty { served = Dictionary(uniqueKeysWithValues: keys.map { ($0, 0) }) }
    }

    private func due(at now: WallTime) -> [QueuedWork] { waiting.filter { $0.notBefore.map { $0 <= now } ?? true } }

    private func hasRoom(_ key: String, at now: WallTime) -> Bool {
        running.values.count { $0 == key } < limits.concurrencyPerKey ?? .max
            && limits.starts.filter(\.isPerKey).allSatisfy { count($0, key, at: now) < $0.count }
    }

    private func count(_ limit: StartLimit, _ key: String?, at now: WallTime) -> Int {
        starts.count { ($0.key == key || key == nil) && $0.moment.advanced(by: limit.interval) > now }
    }

    private func ready(at now: WallTime) -> [QueuedWork] {
        guard running.count < limits.concurrency,
            limits.starts.filter({ !$0.isPerKey }).allSatisfy({ count($0, nil, at: now) < $0.count })
        else { return [] }
        return due(at: now).filter { hasRoom($0.key, at: now) }
    }

    /// What becomes possible by time alone must not be slept through.
    private mutating func check(_ wake: WallTime?, after now: WallTime) {
        let moments =
            waiting.compactMap(\.notBefore) + waiting.compactMap(\.expires)
            + starts.flatMap { start in limits.starts.map { start.moment.advanced(by: $0.interval) } }
        let next = moments.filter { $0 > now }.sorted().first { moment in
            !ready(at: moment).isEmpty || waiting.contains { $0.expires.map { $0 <= moment } ?? false }
        }
        if let next, wake.map({ $0 > next }) ?? true {
            complain("it sleeps until \(String(describing: wake)), but at \(next) there is something to do")
        }
    }

    private mutating func complain(_ text: String) { complaints.append(text) }
}
