/// Where the work of a queue is stored.
struct QueueKeys: Sendable {
    let queue: String

    init(_ queue: String) { self.queue = queue }

    /// What the heads of its runs say, so that its lead hears of their ends.
    var group: String { "queue:\(queue)" }
    /// There while an engine leads the queue; the value names its term of office.
    var lead: StorageKey { StorageKey("queue", queue, "lead") }

    /// What waits for its start.
    var allWaiting: StorageKey { StorageKey("queue", queue, "waiting") }
    func waiting(_ run: RunID) -> StorageKey { StorageKey("queue", queue, "waiting", run) }
    /// What was put there by others than the lead, and not yet seen by it.
    var allNews: StorageKey { StorageKey("queue", queue, "new") }
    func news(_ run: RunID) -> StorageKey { StorageKey("queue", queue, "new", run) }
    /// What was started and has a place.
    var allActive: StorageKey { StorageKey("queue", queue, "active") }
    func active(_ run: RunID) -> StorageKey { StorageKey("queue", queue, "active", run) }
    /// Which work is the one of its kind.
    func singleton(_ name: String) -> StorageKey { StorageKey("queue", queue, "single", name) }
    /// When work was started, as long as a limit looks at it.
    var allStarts: StorageKey { StorageKey("queue", queue, "start") }
    func start(_ run: RunID, at moment: WallTime) -> StorageKey {
        StorageKey("queue", queue, "start", UInt64(max(0, moment.milliseconds)), run)
    }
    var allDead: StorageKey { StorageKey("queue", queue, "dead") }
    func dead(_ run: RunID) -> StorageKey { StorageKey("queue", queue, "dead", run) }
}
