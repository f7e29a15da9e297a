public import Apus
import ApusTesting
public import OverdueRequestsKit

/// A day of field operations on a virtual clock: it takes some seconds, and the same seed makes the same day.
public struct FieldDay: Sendable {
    public var from: LocalTime
    public var hours: Int
    public var seed: UInt64
    public var requests: [ServiceRequest]
    /// When the webhook is down, in hours since the beginning.
    public var outage: Range<Double>

    public init(
        from: LocalTime, hours: Int = 24, seed: UInt64 = 311, outage: Range<Double> = 11..<13.5,
        requests: [ServiceRequest]
    ) {
        self.from = from
        self.hours = hours
        self.seed = seed
        self.outage = outage
        self.requests = requests
    }

    /// Lets the day happen on the calling thread.
    public func run(_ configuration: Configuration) throws -> DayReport {
        try Simulator(seed: seed).run(limit: .seconds(hours * 3_600 + 172_800), decisions: 500_000_000) { base in
            let start = WallTime(from)
            // The first hour strikes soon after the host has begun.
            let eve = WallTime(milliseconds: start.milliseconds - 30_000)
            let environment = DayEnvironment(base, showing: eve)
            let plan = FieldPlan(
                requests: requests, start: start, hours: hours, outages: [Range(outage, since: start)])
            let storage = MemoryStorage(environment: environment)
            let desk = try FieldDesk(plan, in: storage, configuration, environment)
            let audit = FieldAudit(plan, storage, environment)
            let work = environment.spawn { try await desk.run() }
            try await environment.sleep(until: plan.end.advanced(by: .seconds(60)))
            for _ in 0..<144 where try await !audit.isQuiet() { try await environment.sleep(for: .seconds(600)) }
            work.cancel()
            _ = await work.result
            return try await DayReport(of: desk, audit)
        }
    }
}

extension Range<WallTime> {
    init(_ hours: Range<Double>, since start: WallTime) {
        self =
            start.advanced(
                by: .seconds(hours.lowerBound * 3_600))..<start.advanced(by: .seconds(hours.upperBound * 3_600))
    }
}
