public import Apus
import ApusTesting
public import OverdueRequestsKit

/// Field operations on two hosts that are killed again and again, on a virtual clock: what comes of a month takes a minute or so.
public struct FieldMonth: Sendable {
    public var from: LocalTime
    public var hours: Int
    public var seed: UInt64
    public var requests: [ServiceRequest]

    public init(from: LocalTime, hours: Int = 744, seed: UInt64 = 311, requests: [ServiceRequest]) {
        self.from = from
        self.hours = hours
        self.seed = seed
        self.requests = requests
    }

    /// What the month came to.
    public struct Outcome: Sendable {
        public var kills = 0
        /// What was lost; empty if nothing was.
        public var problems: [String] = []
    }

    /// Lets the month happen on the calling thread.
    public func run(_ configuration: Configuration) throws -> Outcome {
        let simulator = Simulator(seed: seed)
        return try simulator.run(limit: .seconds(hours * 3_600 + 864_000), decisions: 1_000_000_000) { base in
            let start = WallTime(from)
            let clock = DayEnvironment(base, showing: WallTime(milliseconds: start.milliseconds - 30_000))
            // Every third day the webhook is down for some hours.
            let outages = stride(from: 35.0, to: Double(hours), by: 72).map { Range($0..<($0 + 5), since: start) }
            let plan = FieldPlan(requests: requests, start: start, hours: hours, outages: outages)
            let storage = MemoryStorage(environment: clock)
            var outcome = Outcome()
            let audit = FieldAudit(plan, storage, clock)
            var lives = try (0..<2).map { try Life($0, plan, storage, simulator, clock, configuration) }
            while clock.now().wallTime < plan.end {
                try await clock.sleep(for: .seconds(600 + Int(clock.random() % 36_000)))
                let place = Int(clock.random() % 2)
                await lives[place].kill()
                outcome.kills += 1
                try await clock.sleep(for: .seconds(Int(clock.random() % 1_200)))
                lives[place] = try Life(outcome.kills + 1, plan, storage, simulator, clock, configuration)
            }
            for _ in 0..<288 where try await !audit.isQuiet() { try await clock.sleep(for: .seconds(600)) }
            outcome.problems = try await audit.problems()
            for life in lives { await life.kill() }
            return outcome
        }
    }

    /// One life of a host.
    private struct Life {
        let host: SimulatedHost
        let work: Task<Void, any Error>

        init(
            _ number: Int, _ plan: FieldPlan, _ storage: MemoryStorage, _ simulator: Simulator,
            _ clock: DayEnvironment, _ configuration: Configuration
        ) throws {
            let host = SimulatedHost("field-\(number)", in: simulator)
            let environment = HostEnvironment(host, clock)
            let desk = try FieldDesk(plan, in: HostStorage(storage, host), configuration, environment)
            self.host = host
            work = environment.spawn { try await desk.run() }
        }

        /// Ends it as `kill -9` does, and clears away what is left of it.
        func kill() async {
            host.kill()
            await host.end([work])
        }
    }
}
