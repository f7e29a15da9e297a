import Apus
import ApusTesting
import Testing

@Suite struct AlertWatchTests {
    /// A channel that fails so many times before it takes anything.
    private final class Flaky: NotificationChannel {
        private let state: Guarded<(failures: Int, taken: [String])>

        init(failing: Int) { state = Guarded((failing, [])) }

        var taken: [String] { state.withLock { $0.taken } }

        struct Refusal: Error {}

        func send(_ notice: AlertNotice) async throws {
            try state.withLock { state in
                if state.failures > 0 {
                    state.failures -= 1
                    throw Refusal()
                }
                state.taken.append("\(notice.rule) \(notice.kind.rawValue)")
            }
        }
    }

    @Test func `notices reach every channel, also one that fails at first, and recoveries follow`() throws {
        try Simulator(seed: 1).run(limit: .seconds(10_000)) { environment in
            let registry = MetricsRegistry()
            let length = registry.gauge("queue_length", "What waits.", labels: ["queue"])
            let (flaky, log) = (Flaky(failing: 2), LogMemory())
            let rule = AlertRule(
                "long queue", .init("queue_length", where: ["queue": "a"]), .above(10), for: .seconds(30),
                severity: .critical)
            let watch = AlertWatch(
                [rule], of: registry, to: [flaky, LogChannel(log, environment: environment)],
                environment: environment)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await watch.run(every: .seconds(10)) }
                length["a"].set(11)
                length["b"].set(500)
                try await environment.sleep(for: .seconds(45))
                #expect(watch.firing == [rule])
                length["a"].set(1)
                try await environment.sleep(for: .seconds(20))
                #expect(watch.firing == [])
                group.cancelAll()
            }
            #expect(flaky.taken == ["long queue firing", "long queue recovered"])
            #expect(log.records.map(\.level) == [.critical, .notice])
        }
    }

    @Test func `what a channel never takes is counted`() throws {
        try Simulator(seed: 1).run(limit: .seconds(10_000)) { environment in
            let registry = MetricsRegistry()
            registry.gauge("open", "Open.").set(1)
            let watch = AlertWatch(
                [AlertRule("open", .init("open"), .above(0))], of: registry, to: [Flaky(failing: .max)],
                environment: environment)
            #expect(await watch.look().count == 1)
            #expect(registry.snapshot.value("apus_alert_notices_undelivered") == 1)
        }
    }

    @Test func `a silence keeps the watch quiet for its rules and its time`() throws {
        try Simulator(seed: 1).run(limit: .seconds(10_000)) { environment in
            let registry = MetricsRegistry()
            registry.gauge("open", "Open.").set(1)
            let rules = ["a", "b"].map { AlertRule($0, .init("open"), .above(0)) }
            let watch = AlertWatch(rules, of: registry, to: [], environment: environment)
            let now = environment.now().wallTime
            watch.silence(AlertSilence(["a"], from: now, to: now.advanced(by: .seconds(60))))
            #expect(await watch.look().map(\.rule) == ["b"])
            try await environment.sleep(for: .seconds(61))
            #expect(await watch.look().map(\.rule) == ["a"])
        }
    }

    @Test func `a quantile of a histogram can be watched`() {
        let registry = MetricsRegistry()
        let time = registry.histogram("time", "Time.", labels: ["graph"], buckets: [1, 2, 4])
        for _ in 0..<99 { time["a"].record(0.5) }
        time["b"].record(3)
        let selector = AlertRule.Selector("time", quantile: 0.99)
        #expect(registry.snapshot.value("time") == 100)
        #expect(AlertRule("slow", selector, .above(2)).selector.quantile == 0.99)
    }
}
