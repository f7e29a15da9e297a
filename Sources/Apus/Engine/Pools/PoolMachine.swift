/// Every decision about executors: which one gets a run, who takes over what waits, and how many there are.
struct PoolMachine: Sendable {
    /// An executor, by its pool and its number there.
    struct Seat: Hashable, Comparable, Sendable {
        var pool: Int
        var number: Int

        static func < (left: Self, right: Self) -> Bool { (left.pool, left.number) < (right.pool, right.number) }
    }

    /// A run that waits for its executor.
    struct Waiting: Sendable {
        var ticket: Int
        var requires: Set<String>
        var since: Instant
    }

    struct Member: Sendable {
        var seat: Seat
        var running = 0
        var waiting: [Waiting] = []
        /// It begins nothing any more, and is gone when what it executes has ended.
        var isLeaving = false

        var load: Int { running + waiting.count }
    }

    let pools: [ExecutorPool]
    var members: [[Member]]
    var lastChange: [Instant?]
    /// Since when an executor could be spared.
    var spareSince: [Instant?]
    let planted = Planted()

    init(_ pools: [ExecutorPool]) {
        self.pools = pools
        members = pools.enumerated().map { index, pool in
            (0..<pool.executors.lowerBound).map { Member(seat: Seat(pool: index, number: $0)) }
        }
        lastChange = Array(repeating: nil, count: pools.count)
        spareSince = Array(repeating: nil, count: pools.count)
    }
}

extension PoolMachine {
    /// Whether any executor could ever do this.
    func canDo(_ requires: Set<String>) -> Bool { pools.contains { requires.isSubset(of: $0.capabilities) } }

    /// Whether an executor could begin this at once.
    func hasRoom(_ requires: Set<String>) -> Bool {
        pools.indices.contains { pool in
            isAble(pool, requires) && members[pool].contains { !$0.isLeaving && $0.running < pools[pool].width }
        }
    }

    /// Gives a run to an executor; `nil` while it has to wait for one. There has to be a pool that can do it.
    mutating func arrive(_ ticket: Int, _ requires: Set<String>, at now: Instant) -> Seat? {
        let able = pools.indices.filter { isAble($0, requires) }.flatMap { members[$0] }.filter { !$0.isLeaving }
        guard let best = able.min(by: { (load($0), $0.seat) < (load($1), $1.seat) }) else {
            preconditionFailure("no pool can do \(requires.sorted())")
        }
        if best.running < pools[best.seat.pool].width {
            change(best.seat) { $0.running += 1 }
            return best.seat
        }
        change(best.seat) { $0.waiting.append(Waiting(ticket: ticket, requires: requires, since: now)) }
        return nil
    }

    /// An executor has ended a run; returns who is to begin now, in place of it.
    mutating func left(_ seat: Seat) -> (ticket: Int, seat: Seat)? {
        change(seat) { $0.running -= 1 }
        return fill(seat)
    }

    /// A run does not wait any more; false if it was given an executor before.
    mutating func withdraw(_ ticket: Int) -> Bool {
        for pool in members.indices {
            for index in members[pool].indices {
                guard let place = members[pool][index].waiting.firstIndex(where: { $0.ticket == ticket }) else {
                    continue
                }
                members[pool][index].waiting.remove(at: place)
                return true
            }
        }
        return false
    }

    /// How loaded an executor is, in shares of what it executes at once.
    private func load(_ member: Member) -> Double { Double(member.load) / Double(pools[member.seat.pool].width) }

    private func isAble(_ pool: Int, _ requires: Set<String>) -> Bool {
        requires.isSubset(of: pools[pool].capabilities)
    }

    private mutating func change(_ seat: Seat, _ body: (inout Member) -> Void) {
        guard let index = members[seat.pool].firstIndex(where: { $0.seat == seat }) else {
            preconditionFailure("there is no executor \(seat)")
        }
        body(&members[seat.pool][index])
    }

    private func member(_ seat: Seat) -> Member? { members[seat.pool].first { $0.seat == seat } }

    /// Gives an executor that has a free place what waits for it, or else what waits longest for a busy one.
    mutating func fill(_ seat: Seat) -> (ticket: Int, seat: Seat)? {
        guard let own = member(seat) else { return nil }
        if own.isLeaving {
            if own.running == 0 { members[seat.pool].removeAll { $0.seat == seat } }
            return nil
        }
        guard own.running < pools[seat.pool].width else { return nil }
        var source = own.waiting.isEmpty ? nil : (seat: seat, place: 0)
        if source == nil, !planted(.idleStayIdle) { source = oldest(for: seat.pool) }
        guard let source, let from = member(source.seat) else { return nil }
        let ticket = from.waiting[source.place].ticket
        change(source.seat) { $0.waiting.remove(at: source.place) }
        change(seat) { $0.running += 1 }
        return (ticket, seat)
    }

    /// What has waited longest of what a pool can do.
    private func oldest(for pool: Int) -> (seat: Seat, place: Int)? {
        var best: (seat: Seat, place: Int, since: Instant, ticket: Int)?
        for member in members.joined() {
            for (place, waiting) in member.waiting.enumerated() where isAble(pool, waiting.requires) {
                if let found = best, (found.since, found.ticket) <= (waiting.since, waiting.ticket) { break }
                best = (member.seat, place, waiting.since, waiting.ticket)
                break
            }
        }
        return best.map { ($0.seat, $0.place) }
    }
}
