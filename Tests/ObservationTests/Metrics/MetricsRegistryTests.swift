import Apus
import Testing

@Suite struct MetricsRegistryTests {
    let registry = MetricsRegistry(seriesLimit: 3)

    @Test func `asking again returns the same metric`() {
        registry.counter("mails", "Mails.").increment()
        registry.counter("mails_total", "Mails.").increment(by: 1.5)
        #expect(registry.counter("mails", "Mails.").value == 2.5)
        let family = registry.gauge("length", "Length.", labels: ["queue"])
        family["a"].set(3)
        #expect(registry.gauge("length", "Length.", labels: ["queue"])["a"] === family["a"])
    }

    @Test func `what comes after the limit of series counts as other and is counted`() {
        let calls = registry.counter("calls", "Calls.", labels: ["user"])
        for user in 0..<10 { calls["u\(user)"].increment(by: user) }
        let snapshot = registry.snapshot
        #expect(snapshot["calls"]?.series.map(\.values) == [["u0"], ["u1"], ["u2"], ["other"]])
        #expect(snapshot.value("calls") == 45)
        #expect(snapshot.value("calls", where: ["user": "other"]) == 42)
        #expect(snapshot.value("apus_metrics_overflow", where: ["metric": "calls"]) == 7)
    }

    @Test func `a value at a bound counts in its bucket`() {
        let times = registry.histogram("time", "Time.", buckets: [2, 1])
        for value in [0.5, 1, 1.5, 2, 3, .infinity] { times.record(value) }
        times.record(.milliseconds(250))
        guard case .histogram(let reading) = times.reading else { return }
        #expect(reading.bounds == [1, 2])
        #expect(reading.counts == [3, 2, 2])
        #expect(reading.quantile(0) == 0)
        #expect(reading.quantile(1) == 2)
    }

    @Test func `many tasks count without losing one`() async {
        let (calls, time) = (registry.counter("calls", "Calls."), registry.histogram("time", "Time."))
        let gauge = registry.gauge("open", "Open.")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<1_000 {
                        calls.increment()
                        calls.increment(by: 0.5)
                        time.record(0.1)
                        gauge.add(1)
                        gauge.add(-1)
                    }
                }
            }
        }
        #expect(calls.value == 6_000)
        #expect(time.reading.value == 4_000)
        #expect(gauge.value == 0)
    }
}
