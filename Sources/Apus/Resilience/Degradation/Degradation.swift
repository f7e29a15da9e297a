/// The level that an engine, or whatever else belongs together, is at; nodes, models and tools look at it.
///
/// It is told of calls, readings and dependencies, and decides as ``DegradationMachine`` does. Safe to share between tasks. Where
/// ``run()`` runs, the level falls and confirmations become due by themselves; otherwise when somebody looks.
public final class Degradation: Sendable {
    /// Tells one from others that the same nodes look at.
    public let name: String
    public let environment: any Environment
    private let state: Guarded<DegradationMachine>
    private let announcer = Announcer<DegradationEvent>()
    private let bell = Doorbell()

    public init(
        _ name: String = "degradation", _ policy: DegradationPolicy = DegradationPolicy(),
        environment: any Environment = .live
    ) {
        self.name = name
        self.environment = environment
        state = Guarded(DegradationMachine(policy))
    }

    public var level: DegradationLevel {
        let now = environment.now().uptime
        return state.withLock { machine in
            tell(machine.tick(at: now))
            return machine.level
        }
    }

    /// The level that waits for ``confirm(by:)``.
    public var wanted: DegradationLevel? { state.withLock { $0.wanted } }

    /// A call ended.
    public func note(succeeded: Bool, took duration: Duration) {
        apply { $0.called(succeeded: succeeded, took: duration, at: $1) }
    }

    /// Performs a call and notes how it ended, as ``BreakerPolicy/troubles(_:)`` sees it: one that fails with a permanent error has succeeded
    /// as far as the system is concerned. One that was cancelled or refused before it was made says nothing.
    public func measuring<Value>(_ body: () async throws -> Value) async throws -> Value {
        let start = environment.now()
        do {
            let value = try await body()
            note(succeeded: true, took: start.duration(to: environment.now()))
            return value
        } catch {
            let isMade = !(error is CancellationError || error is DegradedError || error is ResilienceError)
            let isTrouble = BreakerPolicy.troubles(error)
            if isMade { note(succeeded: !isTrouble, took: start.duration(to: environment.now())) }
            throw error
        }
    }

    /// A reading of a resource that the policy names.
    public func read(_ resource: String, _ value: Double) { apply { $0.read(resource, value, at: $1) } }

    /// A dependency that the policy names is down or up again.
    public func dependency(_ name: String, isUp: Bool) { apply { $0.dependency(name, isUp: isUp, at: $1) } }

    /// Lets the level begin that waits for it.
    public func confirm(by person: String) { apply { $0.confirm("confirmed by \(person)", at: $1) } }

    /// Leaves the level as it is; it is not asked for again before it was over.
    public func decline() { apply { $0.decline(at: $1) } }

    /// Sets the least level, which begins at once; `nil` takes that back, and the level falls step by step.
    public func order(_ level: DegradationLevel?, because reason: String) {
        apply { $0.order(level, reason, at: $1) }
    }

    /// What happens from now on, with reasons; one stream for each reader, of which the last 64 unread events are kept.
    public var events: AsyncStream<DegradationEvent> { announcer.stream(limit: 64) }

    /// Reports a dependency as down while its breaker is open, until the task is cancelled.
    public func follow(_ breaker: CircuitBreaker, as dependency: String) async {
        let changes = breaker.changes
        self.dependency(dependency, isUp: Self.isUp(breaker.state))
        for await change in changes { self.dependency(dependency, isUp: Self.isUp(change.to)) }
    }

    private static func isUp(_ state: BreakerState) -> Bool { state != .open && state != .forcedOpen }

    /// Lets time pass for the level until the task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            let now = environment.now().uptime
            let next = state.withLock { machine in
                tell(machine.tick(at: now))
                return machine.next(after: now)
            }
            await bell.wait(next.map { $0 - now } ?? .seconds(3_600), environment)
        }
    }

    private func apply(_ input: (inout DegradationMachine, Duration) -> [DegradationEvent]) {
        let now = environment.now().uptime
        let isChange = state.withLock { machine in
            let events = input(&machine, now)
            tell(events)
            return !events.isEmpty
        }
        if isChange { bell.ring() }
    }

    /// Called under the lock, so that all readers hear of everything in its order.
    private func tell(_ events: [DegradationEvent]) { for event in events { announcer.announce(event) } }
}
