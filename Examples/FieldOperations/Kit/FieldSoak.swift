public import Apus
import ApusSQLite
public import Foundation
public import OverdueRequestsKit

/// Field operations in processes of their own over one file: one of them stays, another is killed with `kill -9` again and again.
public struct FieldSoak: Sendable {
    public var from: LocalTime
    public var hours: Int
    /// How long the hours take together.
    public var duration: Duration
    public var file: URL
    public var requests: [ServiceRequest]

    public init(from: LocalTime, hours: Int, duration: Duration, file: URL, requests: [ServiceRequest]) {
        self.from = from
        self.hours = hours
        self.duration = duration
        self.file = file
        self.requests = requests
    }

    /// What the soak came to.
    public struct Outcome: Sendable {
        public var kills = 0
        /// What was lost; empty if nothing was.
        public var problems: [String] = []
        /// The memory of the process that stays, in bytes: each time that it was looked at.
        public var memory: [Int] = []

        /// How much larger the last third is than the middle one, on average.
        public var growth: Double {
            let third = memory.count / 3
            guard third > 0 else { return 0 }
            let middle = memory[third..<(2 * third)].reduce(0, +)
            let last = memory.suffix(third).reduce(0, +)
            return Double(last) / Double(max(1, middle)) - 1
        }
    }

    private var speed: Double { Double(hours * 3_600) / (duration / .seconds(1)) }

    private var plan: FieldPlan {
        let start = WallTime(from)
        let outages = stride(from: 35.0, to: Double(hours), by: 72).map { Range($0..<($0 + 5), since: start) }
        // Hosts look after each other in real time.
        return FieldPlan(
            requests: requests, start: start, hours: hours, outages: outages, lease: .seconds(10) * speed,
            poll: .seconds(1) * speed, patience: .seconds(2) * speed, memory: .seconds(4 * 86_400))
    }

    private func environment(_ began: WallTime) -> QuickEnvironment {
        // Half a minute for the first host to begin.
        let eve = WallTime(milliseconds: plan.start.milliseconds - Int64(30_000 * speed))
        return QuickEnvironment(LiveEnvironment(), speed: speed, began: began, start: eve)
    }

    /// One host: works until it is killed. `began` is when the soak did.
    public func serve(began: WallTime, _ configuration: Configuration) async throws {
        let environment = environment(began)
        let storage = try await SQLiteStorage.open(at: file.path, environment: environment)
        try await FieldDesk(plan, in: storage, configuration, environment).run()
    }

    /// Starts hosts with `arguments` and a moment behind them, and kills one of them again and again.
    public func run(_ executable: URL, _ arguments: [String]) async throws -> Outcome {
        let live = LiveEnvironment()
        let began = live.now().wallTime
        let end = live.now().advanced(by: duration)
        let start = { () throws -> Process in
            let process = Process()
            process.executableURL = executable
            process.arguments = arguments + ["\(began.milliseconds)"]
            try process.run()
            return process
        }
        var outcome = Outcome()
        let steady = try start()
        var other = try start()
        defer { for process in [steady, other] where process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        while live.now() < end {
            let life = 3_000 + Int(live.random() % 17_000)
            for _ in 0..<(life / 1_000) {
                try await live.sleep(for: .seconds(1))
                if let size = Self.memory(of: steady.processIdentifier) { outcome.memory.append(size) }
            }
            guard steady.isRunning else {
                outcome.problems.append("a host ended by itself")
                return outcome
            }
            kill(other.processIdentifier, SIGKILL)
            other.waitUntilExit()
            outcome.kills += 1
            other = try start()
        }
        let clock = environment(began)
        let storage = try await SQLiteStorage.open(at: file.path, environment: clock)
        let audit = FieldAudit(plan, storage, clock)
        let limit = live.now().advanced(by: .seconds(120))
        while live.now() < limit, try await !audit.isQuiet() { try await live.sleep(for: .seconds(1)) }
        outcome.problems += try await audit.problems()
        return outcome
    }

    /// What a process takes of the machine's memory.
    private static func memory(of process: Int32) -> Int? {
        let text = try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8)
        return text?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 4_096 }
    }
}
