import Apus

/// What happened to breaker and level, and what somebody was told, for the report.
final class DayLog: NotificationChannel {
    struct LevelChange: Sendable {
        var moment: WallTime
        var level: DegradationLevel
        var reason: String
    }

    private struct State {
        var levels: [LevelChange] = []
        var breaker: [BreakerChange] = []
        var alerts: [AlertNotice] = []
    }

    private let state = Guarded(State())

    var levels: [LevelChange] { state.withLock { $0.levels } }
    var breaker: [BreakerChange] { state.withLock { $0.breaker } }
    var alerts: [AlertNotice] { state.withLock { $0.alerts } }

    func watch(_ degradation: Degradation, _ environment: any Environment) async {
        for await event in degradation.events {
            guard case .changed(_, let level, let reason) = event else { continue }
            let moment = environment.now().wallTime
            state.withLock { $0.levels.append(LevelChange(moment: moment, level: level, reason: reason)) }
        }
    }

    /// In a service this would be a webhook or a letter.
    func send(_ notice: AlertNotice) async throws { state.withLock { $0.alerts.append(notice) } }

    func watch(_ breaker: CircuitBreaker) async {
        for await change in breaker.changes { state.withLock { $0.breaker.append(change) } }
    }
}
