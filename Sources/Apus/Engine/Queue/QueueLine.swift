/// What waits under one key of a queue.
struct QueueLine: Sendable {
    struct Work: Comparable, Sendable {
        var place: Double
        var number: Int
        var run: RunID

        static func < (left: Self, right: Self) -> Bool { (left.place, left.number) < (right.place, right.number) }
    }

    var works = MinHeap<Work>()
    var running = 0
    /// How much it has had, in costs of what it started.
    var pass = 0.0
    /// Its number in the turns; `nil` if it is in none.
    var ticket: Int?
    var starts: StartWindows

    init(_ limits: QueueLimits) { starts = StartWindows(limits.starts.filter(\.isPerKey)) }

    var isIdle: Bool { works.isEmpty && running == 0 }
}

/// When work was started lately, as far as limits on starts look back.
struct StartWindows: Sendable {
    fileprivate struct Window: Sendable {
        let limit: StartLimit
        /// The last starts, as many as the limit allows, in a ring; `next` is the oldest one.
        var moments: [WallTime] = []
        var next = 0
    }

    private var windows: [Window]

    init(_ limits: [StartLimit]) { windows = limits.map { Window(limit: $0) } }

    mutating func count(_ moment: WallTime) {
        for index in windows.indices { windows[index].count(moment) }
    }

    /// When one more may be started; `nil` if at once.
    func free(at now: WallTime) -> WallTime? { windows.compactMap { $0.free(at: now) }.max() }

    /// Whether no start is so young that a limit would look at it.
    func isEmpty(at now: WallTime) -> Bool { windows.allSatisfy { $0.isEmpty(at: now) } }
}

extension StartWindows.Window {
    mutating func count(_ moment: WallTime) {
        if moments.count < limit.count {
            moments.append(moment)
        } else {
            moments[next] = moment
            next = (next + 1) % limit.count
        }
    }

    func free(at now: WallTime) -> WallTime? {
        guard moments.count == limit.count else { return nil }
        let moment = moments[next].advanced(by: limit.interval)
        return moment > now ? moment : nil
    }

    func isEmpty(at now: WallTime) -> Bool {
        moments.allSatisfy { $0.advanced(by: limit.interval) <= now }
    }
}
