/// Looks at metrics again and again, and tells whom it concerns.
public final class AlertWatch: Sendable {
    private let registry: MetricsRegistry
    private let channels: [any NotificationChannel]
    private let environment: any Environment
    private let retry: RetryPolicy
    private let state: Guarded<State>
    private let undelivered: Counter

    private struct State {
        var machines: [AlertMachine]
        var silences: [AlertSilence] = []
    }

    /// A channel that fails is tried again as `retry` says; what it does not take then counts in
    /// `apus_alert_notices_undelivered_total`.
    public init(
        _ rules: [AlertRule], of registry: MetricsRegistry, to channels: [any NotificationChannel],
        retry: RetryPolicy = .exponential(attempts: 5), environment: any Environment = .live
    ) {
        precondition(Set(rules.map(\.name)).count == rules.count, "two rules have one name")
        self.registry = registry
        self.channels = channels
        self.retry = retry
        self.environment = environment
        state = Guarded(State(machines: rules.map(AlertMachine.init)))
        undelivered = registry.counter(
            "apus_alert_notices_undelivered", "Notices about alerts that a channel did not take.")
    }

    /// Says nothing for a while.
    public func silence(_ silence: AlertSilence) { state.withLock { $0.silences.append(silence) } }

    /// The rules of which somebody was told that they fire.
    public var firing: [AlertRule] { state.withLock { $0.machines.filter(\.isFiring).map(\.rule) } }

    /// Looks each `period`, until the task is cancelled.
    @concurrent
    public func run(every period: Duration = .seconds(15)) async throws {
        while true {
            await look()
            try await environment.sleep(for: period)
        }
    }

    /// Looks once; returns what was told.
    @concurrent @discardableResult
    public func look() async -> [AlertNotice] {
        let (snapshot, now) = (registry.snapshot, environment.now())
        let notices = state.withLock { state -> [AlertNotice] in
            state.silences.removeAll { $0.to <= now.wallTime }
            return state.machines.indices.compactMap { place in
                let rule = state.machines[place].rule
                let isSilenced = state.silences.contains { $0.covers(rule.name, at: now.wallTime) }
                return state.machines[place].take(rule.selector.value(in: snapshot), at: now, isSilenced: isSilenced)
            }
        }
        await withDiscardingTaskGroup { group in
            for channel in channels {
                group.addTask { for notice in notices { await self.deliver(notice, to: channel) } }
            }
        }
        return notices
    }

    private func deliver(_ notice: AlertNotice, to channel: any NotificationChannel) async {
        var number = 1
        while !Task.isCancelled {
            do {
                return try await channel.send(notice)
            } catch {
                guard number < retry.attempts else { break }
                let delay = retry.delay(after: number, error: error, chance: environment.random())
                guard (try? await environment.sleep(for: delay)) != nil else { break }
                number += 1
            }
        }
        undelivered.increment()
    }
}

extension AlertRule.Selector {
    /// What it finds in a snapshot.
    func value(in snapshot: MetricsSnapshot) -> Double? {
        guard let quantile else { return snapshot.value(metric, where: labels) }
        let readings = snapshot.readings(metric, where: labels)
        guard let first = readings.first else { return nil }
        guard case .histogram(let whole) = readings.dropFirst().reduce(first, { $0.adding($1) }) else { return nil }
        return whole.quantile(quantile)
    }
}
