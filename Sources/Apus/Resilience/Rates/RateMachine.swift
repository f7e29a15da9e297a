/// Decides when something may happen so that a ``RateLimit`` is kept, for one key. Times are readings of the monotonic clock.
package struct RateMachine: Sendable {
    package enum Decision: Sendable, Equatable {
        /// It may happen after this wait, and is counted for then.
        case admitted(after: Duration)
        /// It would have to wait longer than it wants to; nothing is counted.
        case refused(retryAfter: Duration)
        /// It asks for more than ever is allowed.
        case impossible
    }

    private enum Shape: Sendable {
        case bucket(TokenBucket)
        case window(SlidingWindow)
    }

    private var shape: Shape

    package init(_ limit: RateLimit) {
        switch limit.shape {
        case .bucket(let burst): shape = .bucket(TokenBucket(limit, burst))
        case .window: shape = .window(SlidingWindow(limit))
        }
    }

    /// `patience` is how long it is willing to wait.
    package mutating func take(_ amount: Int, at now: Duration, patience: Duration) -> Decision {
        switch shape {
        case .bucket(var bucket):
            let decision = bucket.take(amount, at: now, patience: patience)
            shape = .bucket(bucket)
            return decision
        case .window(var window):
            // Two owners of the row at once would have it copied.
            shape = .bucket(.empty)
            let decision = window.take(amount, at: now, patience: patience)
            shape = .window(window)
            return decision
        }
    }

    /// Takes back what was counted for `moment` and did not happen; a negative amount counts more of what did.
    package mutating func giveBack(_ amount: Int, countedFor moment: Duration) {
        switch shape {
        case .bucket(var bucket):
            bucket.giveBack(amount)
            shape = .bucket(bucket)
        case .window(var window):
            shape = .bucket(.empty)
            window.giveBack(amount, countedFor: moment)
            shape = .window(window)
        }
    }

    /// Whether it is as if nothing had ever happened.
    package func isAtRest(at now: Duration) -> Bool {
        switch shape {
        case .bucket(let bucket): bucket.full <= now
        case .window(let window): window.isAtRest(at: now)
        }
    }
}

/// A bucket that is refilled steadily. It is one moment: when it will be full.
///
/// This is the generic cell rate algorithm (ITU-T I.371): exact, without fractions of tokens.
private struct TokenBucket: Sendable {
    /// Stands in while something else is changed.
    static let empty = TokenBucket(interval: .zero, burst: 1, full: .zero)

    private let interval: Duration
    private let burst: Int
    /// How long an empty bucket takes to be full.
    private let depth: Duration
    private let planted = Planted()
    private(set) var full: Duration

    init(_ limit: RateLimit, _ burst: Int) {
        self.init(interval: limit.interval, burst: burst, full: .zero)
        full = .seconds(Int64.min)
    }

    private init(interval: Duration, burst: Int, full: Duration) {
        self.interval = interval
        self.burst = burst
        self.full = full
        depth = interval * burst
    }

    mutating func take(_ amount: Int, at now: Duration, patience: Duration) -> RateMachine.Decision {
        let start = planted(.bucketOverflows) && full > .zero ? full : max(full, now)
        let end = start + (amount == 1 ? interval : interval * amount)
        let excess = amount > burst ? start - now : end - depth - now
        if excess <= .zero {
            full = end
            return .admitted(after: .zero)
        }
        if excess > patience { return .refused(retryAfter: excess) }
        full = end
        return .admitted(after: excess)
    }

    mutating func giveBack(_ amount: Int) { full -= interval * amount }
}

/// Remembers the moments of the calls of the last period, and of those that wait.
private struct SlidingWindow: Sendable {
    private let count: Int
    private let period: Duration
    private let planted = Planted()
    /// In their order; those before `first` are over.
    private var moments: [Duration] = []
    private var first = 0

    init(_ limit: RateLimit) { (count, period) = (limit.count, limit.period) }

    mutating func take(_ amount: Int, at now: Duration, patience: Duration) -> RateMachine.Decision {
        guard amount <= count else { return .impossible }
        dropOver(at: now)
        var moment = max(now, moments.last ?? now)
        // The youngest of those that must be over before all of these are within the limit.
        let place = moments.count + amount - count - 1
        if place >= first {
            moment = max(moment, planted(.windowLeaksAtEdges) ? edge(after: moments[place]) : moments[place] + period)
        }
        let wait = moment - now
        if wait > patience { return .refused(retryAfter: wait) }
        for _ in 0..<amount { moments.append(moment) }
        return .admitted(after: wait)
    }

    mutating func giveBack(_ amount: Int, countedFor moment: Duration) {
        for _ in 0..<max(0, -amount) { moments.append(max(moment, moments.last ?? moment)) }
        for _ in 0..<max(0, amount) {
            guard let place = moments[first...].lastIndex(of: moment) else { return }
            moments.remove(at: place)
        }
    }

    func isAtRest(at now: Duration) -> Bool { (moments.last.map { $0 + period <= now }) ?? true }

    /// Forgets what is longer ago than a period, and moves the rest to the front when that costs no more than what was added since.
    private mutating func dropOver(at now: Duration) {
        while first < moments.count, moments[first] + period <= now { first += 1 }
        guard first > 0, first * 2 >= moments.count else { return }
        moments.removeFirst(first)
        first = 0
    }

    /// Where a window that stands still would end.
    private func edge(after moment: Duration) -> Duration {
        period * (Int(moment.attoseconds / period.attoseconds) + 1)
    }
}

extension RateLimit {
    /// The time in which a bucket gains one, rounded up so that the limit is kept.
    fileprivate var interval: Duration {
        let whole = period.attoseconds
        return Duration(attoseconds: (whole + Int128(count) - 1) / Int128(count))
    }
}
