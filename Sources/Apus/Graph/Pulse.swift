/// The signs of life of one activation, and what it said last of how far it is.
final class Pulse: Sendable {
    private struct State {
        var last: Instant
        var details: [String: [UInt8]] = [:]
    }

    /// How long it may say nothing.
    let limit: Duration
    /// That of an activation around it, which hears the same.
    private let outer: Pulse?
    private let state: Guarded<State>

    init(limit: Duration, outer: Pulse?, at now: Instant) {
        self.limit = limit
        self.outer = outer
        state = Guarded(State(last: now))
    }

    /// A sign of life of this activation or of one inside of it.
    func beat(at now: Instant) {
        state.withLock { $0.last = max($0.last, now) }
        outer?.beat(at: now)
    }

    /// When it is over, unless there is a sign before.
    var end: Instant { state.withLock { $0.last }.advanced(by: limit) }

    func keep(_ details: [UInt8], of activation: String) { state.withLock { $0.details[activation] = details } }

    func details(of activation: String) -> [UInt8]? {
        state.withLock { $0.details[activation] } ?? outer?.details(of: activation)
    }
}

/// An attempt gave no sign of life for too long. It may pass.
public struct HeartbeatError: ClassifiedError, Equatable, CustomStringConvertible {
    public var activation: ActivationID
    public var limit: Duration

    public init(activation: ActivationID, limit: Duration) {
        self.activation = activation
        self.limit = limit
    }

    public var failureKind: FailureKind { .transient }
    public var description: String {
        "\(activation) gave no sign of life for \(limit); call context.heartbeat() more often, or give it more time."
    }
}

extension NodeHandle {
    /// Fails an attempt with ``HeartbeatError`` that does not call `context.heartbeat()` for longer than `limit`; what is inside of the
    /// node counts.
    @discardableResult
    public func heartbeat(within limit: Duration) -> Self { setting { $0.policy.heartbeat = limit } }

    /// Fails the node with ``DeadlineError`` when so long has passed since it first started, with all of its attempts, pauses and
    /// fallback; what is inside of it is cut to what is left. In a run that is written down a crash does not prolong it.
    @discardableResult
    public func deadline(_ limit: Duration) -> Self {
        setting { $0.policy.deadline = { _, now in now.advanced(by: limit) } }
    }

    /// The same with a moment that the state knows; `nil` for none.
    @discardableResult
    public func deadline(by moment: @escaping @Sendable (State) -> WallTime?) -> Self {
        setting { $0.policy.deadline = { state, _ in moment(state) } }
    }
}
