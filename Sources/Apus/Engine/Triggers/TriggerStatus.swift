/// A trigger as it is stored and, where it is hosted by the engine that is asked, what it will do next.
public struct TriggerStatus: Sendable, Hashable, Identifiable {
    public var name: String
    public var id: String { name }
    /// What its schedule says, if it has one.
    public var schedule: String?
    /// When it was first hosted.
    public var since: WallTime
    public var isPaused: Bool
    /// The moments at which it fires next, without the jitter.
    public var next: [WallTime]
    /// The firings that wait for their delay or their turn.
    public var waiting: [Firing.ID]
    /// The runs under way that its policy has to know of.
    public var active: [RunID]
    /// What is left of past ranges.
    public var backfills: [Range<WallTime>]
    /// How many runs it has started.
    public var started: Int
    /// How many firings started none, by the reason.
    public var losses: [FiringLoss.Reason: Int]
    /// What became of the last firings, the newest last.
    public var recent: [FiringRecord]
}

/// Listing triggers.
extension Engine {
    /// All triggers of the storage, by name, each with its next `count` firings if this engine hosts it.
    public func triggers(next count: Int = 5) async throws -> [TriggerStatus] {
        let known = table.withLock { $0.triggers }
        var found: [TriggerStatus] = []
        try await storage.each(in: .below(TriggerKeys.all)) { key, value in
            guard let value, let name = key.parts.last, key.parts.count == 2 else { return }
            let state = try StorageEntry(key, value).load(TriggerState.self)
            found.append(TriggerStatus(name, state, next: known[name]?.schedule?.next(count, after: state.time) ?? []))
        }
        return found
    }
}

extension TriggerStatus {
    init(_ name: String, _ state: TriggerState, next: [WallTime]) {
        self.init(
            name: name, schedule: state.schedule, since: state.since, isPaused: state.isPaused, next: next,
            waiting: state.waiting.map(\.id), active: state.active + state.filling,
            backfills: state.backfills.map {
                $0.position..<max($0.position, WallTime(milliseconds: $0.end.milliseconds + 1))
            }, started: state.started, losses: [:], recent: state.recent)
        for (name, count) in state.losses {
            if let reason = FiringLoss.Reason(rawValue: name) { losses[reason] = count }
        }
    }
}
