extension PoolMachine {
    /// Changes the sizes of pools where it is time; returns the decisions, and who begins on the new executors.
    mutating func scale(at now: Instant) -> (decisions: [PoolDecision], begun: [(ticket: Int, seat: Seat)]) {
        var decisions: [PoolDecision] = []
        var begun: [(ticket: Int, seat: Seat)] = []
        for pool in pools.indices {
            if let reason = reasonToGrow(pool, at: now) {
                decisions.append(resize(pool, by: 1, reason, at: now))
                begun += fillNewest(of: pool)
            } else if let reason = reasonToShrink(pool, at: now) {
                decisions.append(resize(pool, by: -1, reason, at: now))
            }
        }
        return (decisions, begun)
    }

    private func staying(_ pool: Int) -> [Member] { members[pool].filter { !$0.isLeaving } }

    private func isSettled(_ pool: Int, for pause: Duration, at now: Instant) -> Bool {
        lastChange[pool].map { $0.duration(to: now) >= pause } ?? true
    }

    private func reasonToGrow(_ pool: Int, at now: Instant) -> PoolDecision.Reason? {
        let scaling = pools[pool].scaling
        let staying = staying(pool)
        guard staying.count < pools[pool].executors.upperBound, isSettled(pool, for: scaling.growPause, at: now) else {
            return nil
        }
        let waiting = staying.reduce(0) { $0 + $1.waiting.count }
        if Double(waiting) > scaling.backlog * Double(staying.count) { return .backlog(waiting) }
        let oldest = staying.compactMap { $0.waiting.first?.since }.min()
        if let time = oldest?.duration(to: now), time > scaling.latency { return .latency(time) }
        return nil
    }

    /// An executor can be spared if for the whole pause the others would have had room to spare without it.
    private mutating func reasonToShrink(_ pool: Int, at now: Instant) -> PoolDecision.Reason? {
        let scaling = pools[pool].scaling
        let staying = staying(pool)
        let taken = staying.reduce(0) { $0 + $1.load }
        let rest = (staying.count - 1) * pools[pool].width
        guard staying.count > pools[pool].executors.lowerBound, Double(taken) <= Double(rest) * scaling.idleShare else {
            spareSince[pool] = nil
            return nil
        }
        let since = spareSince[pool] ?? now
        spareSince[pool] = since
        let pause = planted(.poolFlaps) ? .zero : scaling.shrinkPause
        guard since.duration(to: now) >= pause, isSettled(pool, for: pause, at: now) else { return nil }
        spareSince[pool] = nil
        return .idle(taken)
    }

    private mutating func resize(
        _ pool: Int, by step: Int, _ reason: PoolDecision.Reason, at now: Instant
    ) -> PoolDecision {
        let count = staying(pool).count
        lastChange[pool] = now
        if step > 0 {
            let used = Set(members[pool].map(\.seat.number))
            let number = (0...used.count).first { !used.contains($0) } ?? used.count
            members[pool].append(Member(seat: Seat(pool: pool, number: number)))
        } else {
            retire(pool)
        }
        return PoolDecision(pool: pools[pool].name, from: count, to: count + step, reason: reason, moment: now)
    }

    /// The least loaded executor begins nothing any more; what waits for it goes to the others.
    private mutating func retire(_ pool: Int) {
        guard let last = staying(pool).min(by: { ($0.load, -$0.seat.number) < ($1.load, -$1.seat.number) }),
            let index = members[pool].firstIndex(where: { $0.seat == last.seat })
        else { return }
        members[pool][index].isLeaving = true
        members[pool][index].waiting = []
        if last.running == 0 { members[pool].remove(at: index) }
        guard let heir = members[pool].firstIndex(where: { !$0.isLeaving }) else { return }
        members[pool][heir].waiting += last.waiting
    }

    private mutating func fillNewest(of pool: Int) -> [(ticket: Int, seat: Seat)] {
        guard let seat = members[pool].last?.seat else { return [] }
        var begun: [(ticket: Int, seat: Seat)] = []
        while let next = fill(seat) { begun.append(next) }
        return begun
    }
}
