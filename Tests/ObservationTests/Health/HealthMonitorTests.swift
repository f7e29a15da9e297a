import Apus
import ApusTesting
import Testing

@Suite struct HealthMonitorTests {
    struct Down: Error, CustomStringConvertible { var description: String { "refused, token=abcdefgh12345" } }

    @Test func `the report has the state of every dependency, and no secret`() throws {
        try Simulator(seed: 1).run { environment in
            let monitor = HealthMonitor(
                [
                    .storage(MemoryStorage(environment: environment)),
                    HealthCheck("model", .optional) { throw Down() },
                    HealthCheck("queue", timeout: .seconds(1)) {
                        try await environment.sleep(for: .seconds(100))
                        return nil
                    },
                ], environment: environment)
            let report = await monitor.report()
            #expect(report.dependencies.map(\.name) == ["storage", "model", "queue"])
            #expect(report.dependencies.map(\.status) == [.healthy, .degraded, .unhealthy])
            #expect(report.status == .unhealthy && !report.isReady && report.httpStatus == 503)
            #expect(report.dependencies[1].detail == "refused, token=[redacted]")
            #expect(report.dependencies[2].milliseconds == 1_000)
            #expect(report.json["dependencies"]?[2]?["status"]?.text == "unhealthy")
        }
    }

    @Test func `a program that lacks something optional is ready`() throws {
        try Simulator(seed: 1).run { environment in
            let monitor = HealthMonitor(
                [HealthCheck("model", .optional) { throw Down() }], environment: environment)
            let report = await monitor.report()
            #expect(report.status == .degraded && report.httpStatus == 200)
        }
    }

    @Test func `a dependency is asked once for all who ask meanwhile, and again when its answer is old`() throws {
        try Simulator(seed: 1).run(limit: .seconds(100)) { environment in
            let asked = Guarded(0)
            let check = HealthCheck("slow", freshness: .seconds(5)) {
                asked.withLock { $0 += 1 }
                try await environment.sleep(for: .seconds(1))
                return "well"
            }
            let monitor = HealthMonitor([check], environment: environment)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<10 {
                    group.addTask { #expect(await monitor.report().dependencies.first?.detail == "well") }
                }
            }
            #expect(asked.withLock { $0 } == 1)
            _ = await monitor.report()
            #expect(asked.withLock { $0 } == 1)
            try await environment.sleep(for: .seconds(5))
            _ = await monitor.report()
            #expect(asked.withLock { $0 } == 2)
        }
    }
}
