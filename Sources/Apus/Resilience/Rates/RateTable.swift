/// The rate machines of a limiter: one for calls without a key, one for each key that is not at rest, up to a bound, and one that all further
/// keys share, so that strange keys neither fill the memory nor escape the limit.
package struct RateTable: Sendable {
    /// Where a call was counted.
    package enum Seat: Sendable, Hashable {
        case common, strangers
        case key(String)
    }

    private let limit: RateLimit
    private let bound: Int
    private let planted = Planted()
    private var common: RateMachine
    private var strangers: RateMachine
    private var keyed: [String: RateMachine] = [:]
    /// When it is worth while to look again for keys at rest.
    private var nextSweep: Duration?

    package init(_ limit: RateLimit, keys bound: Int) {
        self.limit = limit
        self.bound = bound
        common = RateMachine(limit)
        strangers = RateMachine(limit)
    }

    /// How many keys have a machine of their own.
    package var keyCount: Int { keyed.count }

    package mutating func take(
        _ amount: Int, key: String?, at now: Duration, patience: Duration
    ) -> (RateMachine.Decision, Seat) {
        guard let key else { return (common.take(amount, at: now, patience: patience), .common) }
        if let index = keyed.index(forKey: key) {
            return (keyed.values[index].take(amount, at: now, patience: patience), .key(key))
        }
        if keyed.count >= bound { sweep(now) }
        guard keyed.count < bound else {
            return (strangers.take(amount, at: now, patience: patience), .strangers)
        }
        var machine = RateMachine(limit)
        defer { keyed[key] = machine }
        return (machine.take(amount, at: now, patience: patience), .key(key))
    }

    /// Takes back what was counted for `moment` and did not happen; a negative amount counts more. A key whose turn is still to come is not
    /// at rest, so it is there.
    package mutating func giveBack(_ amount: Int, at seat: Seat, countedFor moment: Duration) {
        switch seat {
        case .common: common.giveBack(amount, countedFor: moment)
        case .strangers: strangers.giveBack(amount, countedFor: moment)
        case .key(let key):
            guard let index = keyed.index(forKey: key) else { return }
            keyed.values[index].giveBack(amount, countedFor: moment)
        }
    }

    /// Forgets keys at rest, once a period at most.
    private mutating func sweep(_ now: Duration) {
        if planted(.limiterForgetsKeys) { return keyed.removeAll() }
        if let nextSweep, now < nextSweep { return }
        nextSweep = now + limit.period
        keyed = keyed.filter { !$0.value.isAtRest(at: now) }
    }
}
