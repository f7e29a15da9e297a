/// Takes in what an engine sees and decides beside its runs; an ``Observer`` that is one, too, is given to the engine in the same way.
public protocol EngineObserver: Observer {
    /// The size of a pool was changed.
    func decided(_ decision: PoolDecision)
    /// How the queues that the engine leads and its pools are; called at each look of the engine.
    func saw(_ queues: [QueueStatus], _ pools: [PoolStatus])
}

/// How a queue is that an engine leads.
public struct QueueStatus: Sendable, Hashable {
    public var queue: String
    /// How many wait for their start, the delayed ones included.
    public var waiting: Int
    /// How many have been started and have not ended.
    public var running: Int
    /// When the oldest of what waits was put there.
    public var oldest: WallTime?
}

extension RunLog: EngineObserver {
    public func decided(_ decision: PoolDecision) {
        guard level <= .info else { return }
        var record = LogRecord(.info, "pool.resized", decision.description, at: decision.moment)
        record.fields = [
            .init("pool", decision.pool), .init("from", "\(decision.from)"), .init("to", "\(decision.to)"),
        ]
        sink.log(record)
    }

    public func saw(_ queues: [QueueStatus], _ pools: [PoolStatus]) {}
}

extension RunMetrics: EngineObserver {
    public func decided(_ decision: PoolDecision) {
        let direction = decision.to > decision.from ? "grow" : "shrink"
        registry.counter("apus_pool_changes", "Changes of the sizes of pools.", labels: ["pool", "direction"])[
            decision.pool, direction
        ].increment()
    }

    public func saw(_ queues: [QueueStatus], _ pools: [PoolStatus]) {
        let waiting = registry.gauge("apus_queue_waiting", "Work that waits for its start.", labels: ["queue"])
        let running = registry.gauge(
            "apus_queue_running", "Work that was started and has not ended.", labels: ["queue"])
        for status in queues {
            waiting[status.queue].set(Double(status.waiting))
            running[status.queue].set(Double(status.running))
        }
        let executors = registry.gauge("apus_pool_executors", "Executors of a pool.", labels: ["pool"])
        let taken = registry.gauge("apus_pool_running", "Runs that the executors of a pool execute.", labels: ["pool"])
        let backlog = registry.gauge("apus_pool_waiting", "Runs that wait for an executor of a pool.", labels: ["pool"])
        for status in pools {
            executors[status.pool].set(Double(status.executors.count { !$0.isLeaving }))
            taken[status.pool].set(Double(status.executors.reduce(0) { $0 + $1.running }))
            backlog[status.pool].set(Double(status.executors.reduce(0) { $0 + $1.waiting }))
        }
    }
}

extension Engine {
    /// How the queues are that this engine leads, by name.
    public var queues: [QueueStatus] {
        let leads = table.withLock { table in table.leads.keys.sorted().compactMap { table.leads[$0] } }
        return leads.compactMap(\.status)
    }

    /// Lets pools grow and shrink, and tells those who watch the engine.
    func observe(at now: Instant) {
        gate?.scale(at: now)
        let decisions = gate?.takeNews() ?? []
        if watchers.isEmpty { return }
        let (queues, pools) = (queues, pools)
        for watcher in watchers {
            for decision in decisions { watcher.decided(decision) }
            watcher.saw(queues, pools)
        }
    }
}
