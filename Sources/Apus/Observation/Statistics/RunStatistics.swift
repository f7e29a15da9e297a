/// How the runs of each graph went over a window of time: how many, how many of them well, and how long they took.
public final class RunStatistics: Observer {
    private let environment: any Environment
    private let slot: Duration
    private let slots: Int
    private let state = Guarded<[String: SlidingOutcomes]>([:])

    /// The window is at least `window` long and slides in `slots` steps.
    public init(window: Duration = .seconds(3_600), slots: Int = 60, environment: any Environment = .live) {
        precondition(window > .zero && slots > 0, "a window of \(window) in \(slots) steps is none")
        self.environment = environment
        slot = window / slots
        self.slots = slots
    }

    public func watcher(of run: RunFacts) -> (any RunWatcher)? { Watcher(statistics: self, graph: run.graph) }

    /// What ended in the window; `nil` if no run of the graph ever ended here.
    public func summary(of graph: String) -> RunSummary? {
        let now = environment.now()
        return state.withLock { state in state[graph].map { $0.summary(at: now) } }
    }

    public var graphs: [String] { state.withLock { $0.keys.sorted() } }

    fileprivate func note(_ outcome: RunSummary.Outcome, _ duration: Duration, _ graph: String, at now: Instant) {
        state.withLock { state in
            state[graph, default: SlidingOutcomes(slot: slot, count: slots)].note(outcome, duration, at: now)
        }
    }

    private struct Watcher: RunWatcher {
        let statistics: RunStatistics
        let graph: String
        var begun: Instant?

        mutating func observe(_ event: RunEvent) {
            switch event.kind {
            case .runStarted, .runContinued: begun = event.instant
            case .runCompleted: end(.completed, event.instant)
            case .runFailed: end(.failed, event.instant)
            case .runCancelled: end(.cancelled, event.instant)
            default: break
            }
        }

        private mutating func end(_ outcome: RunSummary.Outcome, _ now: Instant) {
            guard let begun else { return }
            self.begun = nil
            statistics.note(outcome, begun.duration(to: now), graph, at: now)
        }
    }
}

/// How runs went.
public struct RunSummary: Sendable, Hashable, Codable {
    enum Outcome: Sendable { case completed, failed, cancelled }

    public internal(set) var completed = 0
    public internal(set) var failed = 0
    public internal(set) var cancelled = 0
    /// Of all that ended, in seconds; of a run that was put away, its last stretch.
    public internal(set) var durations = QuantileSketch()

    public var count: Int { completed + failed + cancelled }

    /// The part of those that completed or failed which completed; `nil` if there are none.
    public var successRate: Double? {
        completed + failed == 0 ? nil : Double(completed) / Double(completed + failed)
    }

    public mutating func merge(_ other: RunSummary) {
        completed += other.completed
        failed += other.failed
        cancelled += other.cancelled
        durations.merge(other.durations)
    }
}

/// A window of equal slots, of which the oldest is reused.
struct SlidingOutcomes: Sendable {
    private let slot: Duration
    private var ring: [(number: Int64, summary: RunSummary)]

    init(slot: Duration, count: Int) {
        self.slot = slot
        ring = Array(repeating: (number: .min, summary: RunSummary()), count: count + 1)
    }

    mutating func note(_ outcome: RunSummary.Outcome, _ duration: Duration, at now: Instant) {
        let number = number(of: now)
        let place = Int(number % Int64(ring.count))
        if ring[place].number > number { return }
        if ring[place].number != number { ring[place] = (number, RunSummary()) }
        switch outcome {
        case .completed: ring[place].summary.completed += 1
        case .failed: ring[place].summary.failed += 1
        case .cancelled: ring[place].summary.cancelled += 1
        }
        ring[place].summary.durations.insert(duration)
    }

    func summary(at now: Instant) -> RunSummary {
        let last = number(of: now)
        var whole = RunSummary()
        for entry in ring where entry.number > last - Int64(ring.count) && entry.number <= last {
            whole.merge(entry.summary)
        }
        return whole
    }

    private func number(of now: Instant) -> Int64 { Int64(max(0, now.uptime / slot)) }
}
