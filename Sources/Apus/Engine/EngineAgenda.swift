/// Which runs an engine executes, and which come next.
struct EngineAgenda: Sendable {
    /// How many runs may be executed at once.
    let limit: Int
    private var live: Set<RunID> = []
    private var queue: [RunID] = []
    private var queued: Set<RunID> = []
    /// Runs that are executed and are to be looked at again when this worker has let go of them.
    private var again: Set<RunID> = []
    /// Runs that this worker can't execute, until it learns something new.
    private var refused: Set<RunID> = []
    private var head = 0
    private var alarms: [RunID: WallTime] = [:]
    private var heap = MinHeap<Alarm>()

    private struct Alarm: Comparable {
        var moment: WallTime
        var run: RunID

        static func < (left: Self, right: Self) -> Bool {
            (left.moment, left.run.value) < (right.moment, right.run.value)
        }
    }

    init(limit: Int) { self.limit = limit }

    func isLive(_ run: RunID) -> Bool { live.contains(run) }
    var isEmpty: Bool { live.isEmpty }
    var runs: [RunID] { live.sorted { $0.value < $1.value } }

    /// A run has something to do.
    mutating func want(_ run: RunID) {
        if live.contains(run) {
            again.insert(run)
        } else if !refused.contains(run), queued.insert(run).inserted {
            queue.append(run)
        }
    }

    /// A run is executed from now on, without having waited; false if it is already, or has to wait its turn.
    mutating func begin(_ run: RunID) -> Bool {
        guard live.count < limit, !live.contains(run) else { return false }
        live.insert(run)
        return true
    }

    /// The run that is executed next.
    mutating func next() -> RunID? {
        guard live.count < limit, head < queue.count else {
            if head == queue.count {
                queue.removeAll(keepingCapacity: true)
                head = 0
            }
            return nil
        }
        let run = queue[head]
        head += 1
        queued.remove(run)
        live.insert(run)
        return run
    }

    /// This worker has let go of a run; `wants` if there is something to do for it all the same.
    mutating func ended(_ run: RunID, wants: Bool, refused isRefused: Bool = false) {
        live.remove(run)
        if isRefused { refused.insert(run) }
        if again.remove(run) != nil || wants { want(run) }
    }

    /// A run is to be woken at a moment.
    mutating func sleep(_ run: RunID, until moment: WallTime) {
        if alarms[run].map({ $0 <= moment }) ?? false { return }
        alarms[run] = moment
        heap.insert(Alarm(moment: moment, run: run))
    }

    /// Wakes the runs whose moment has come; returns the next moment.
    mutating func wake(at now: WallTime) -> WallTime? {
        while let first = heap.min {
            if first.moment > now { return first.moment }
            _ = heap.popMin()
            guard alarms[first.run] == first.moment else { continue }
            alarms[first.run] = nil
            want(first.run)
        }
        return nil
    }

    /// A run that could not be executed may be tried again.
    mutating func forgive(_ run: RunID) { refused.remove(run) }
    mutating func forgiveAll() { refused = [] }
}
