/// Keeps calls to a ``RateLimit``, all together or each key for itself, by making them wait or by refusing them.
///
/// ```swift
/// let limiter = RateLimiter("mail", .bucket(100, per: .seconds(60)), waiting: .seconds(5))
/// try await limiter.run { print("sent") }
/// try await limiter["tenant-7"].run { print("sent for a tenant") }
/// ```
///
/// Who comes first is let through first. A call that has to wait longer than `waiting` is refused at once, with the time after which it would
/// not be. A call that is cancelled while it waits is not counted.
public final class RateLimiter: CallGuard {
    public let name: String
    public let limit: RateLimit
    private let patience: Duration
    fileprivate let state: Guarded<State>

    fileprivate struct State {
        var table: RateTable
        var admitted = 0
        var refused = 0
        var waiting = 0
    }

    /// `waiting` is how long a call may wait, nothing if it is not said. Beyond the first `keys` keys that are in use at once all others
    /// share one limit.
    public init(_ name: String, _ limit: RateLimit, waiting: Duration = .zero, keys: Int = 10_000) {
        self.name = name
        self.limit = limit
        patience = waiting
        state = Guarded(State(table: RateTable(limit, keys: keys)))
    }

    public var reading: GuardReading {
        state.withLock { state in
            var reading = GuardReading(.rateLimit, name)
            (reading.admitted, reading.refused) = (state.admitted, state.refused)
            (reading.held, reading.waiting) = (state.table.keyCount, state.waiting)
            return reading
        }
    }

    /// The same limit for one key alone.
    public subscript(key: String) -> KeyedLimiter { KeyedLimiter(limiter: self, key: key) }

    @discardableResult
    public func run<Value>(in environment: any Environment, _ body: () async throws -> Value) async throws -> Value {
        let turn = try count(1, nil, environment)
        if turn.wait > .zero { try await hold(turn, environment) }
        return try await body()
    }

    /// Returns when `amount` may happen, which is counted for that moment; throws ``ResilienceError`` if that is too far away.
    public func take(_ amount: Int = 1, key: String? = nil, in environment: any Environment) async throws {
        let turn = try count(amount, key, environment)
        if turn.wait > .zero { try await hold(turn, environment) }
    }

    /// Sets right what was counted without a key when more or less has happened than was asked for; a negative `difference` is less.
    public func settle(_ difference: Int, in environment: any Environment) {
        guard difference != 0 else { return }
        let now = environment.now().uptime
        state.withLock { $0.table.giveBack(-difference, at: .common, countedFor: now) }
    }

    /// What was counted, and for when.
    fileprivate struct Turn {
        let amount: Int
        let seat: RateTable.Seat
        let moment: Duration
        let wait: Duration
    }

    /// Counts what is asked for, without waiting for its turn.
    fileprivate func count(
        _ amount: Int, _ key: String?, _ environment: any Environment
    ) throws(ResilienceError) -> Turn {
        let (decision, seat, now) = state.withLock { state in
            let now = environment.now().uptime
            let (decision, seat) = state.table.take(amount, key: key, at: now, patience: patience)
            state.count(decision)
            return (decision, seat, now)
        }
        switch decision {
        case .admitted(let wait): return Turn(amount: amount, seat: seat, moment: now + wait, wait: wait)
        case .refused(let wait): throw ResilienceError(.rateLimited, name, retryAfter: wait)
        case .impossible: throw ResilienceError(.exceedsLimit, name)
        }
    }

    /// Waits for a turn, or gives it back.
    fileprivate func hold(_ turn: Turn, _ environment: any Environment) async throws {
        defer { state.withLock { $0.waiting -= 1 } }
        do {
            try await environment.sleep(for: turn.wait)
        } catch {
            state.withLock { state in
                state.admitted -= 1
                state.table.giveBack(turn.amount, at: turn.seat, countedFor: turn.moment)
            }
            throw error
        }
    }
}

extension RateLimiter.State {
    fileprivate mutating func count(_ decision: RateMachine.Decision) {
        guard case .admitted(let wait) = decision else { return refused += 1 }
        admitted += 1
        if wait > .zero { waiting += 1 }
    }
}

/// A ``RateLimiter`` for one key.
public struct KeyedLimiter: CallGuard {
    public let limiter: RateLimiter
    public let key: String

    @discardableResult
    public func run<Value>(in environment: any Environment, _ body: () async throws -> Value) async throws -> Value {
        let turn = try limiter.count(1, key, environment)
        if turn.wait > .zero { try await limiter.hold(turn, environment) }
        return try await body()
    }
}
