import Apus
import Foundation
import Synchronization

/// A measurement in a process of its own, which this program starts again for.
enum Probe: String {
    case waitingRuns, waitingTasks, firstNode, firstLine, idleEngine, idleProcess

    static let flag = "--probe"
    static let waiters = 10_000

    /// The smallest of several results.
    func best(of rounds: Int) throws -> Double {
        var best = Double.infinity
        for _ in 0..<rounds { best = min(best, try spawn()) }
        return best
    }

    private func spawn() throws -> Double {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Bundle.main.executablePath ?? CommandLine.arguments[0])
        process.arguments = [Self.flag, rawValue]
        let pipe = Pipe()
        process.standardOutput = pipe
        let begin = Self.uptime()
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let value = Double(text) else { throw MeasureError(what: "\(rawValue) answered \(text)") }
        return self == .firstNode || self == .firstLine ? (value - begin) * 1_000 : value
    }

    /// Measures and prints one number.
    func run() async {
        do {
            switch self {
            case .firstLine: print(Self.uptime())
            case .firstNode: print(try await Self.firstNode())
            case .idleProcess: print(try Self.residentBytes() / 1_000_000)
            case .idleEngine:
                _ = try await Self.firstNode()
                print(try Self.residentBytes() / 1_000_000)
            case .waitingRuns:
                let executor = GraphExecutor()
                let graph = try Shapes.chain(5, of: Wait())
                try await Self.measureWaiting { _ = try? await executor.run(graph, from: Tally()) }
            case .waitingTasks:
                try await Self.measureWaiting {
                    var state = Tally()
                    state.total += 1
                    try? await Task.sleep(for: .seconds(1_000))
                }
            }
        } catch {
            print(error)
        }
    }

    private static func firstNode() async throws -> Double {
        let time = Mutex(0.0)
        let graph = try Graph<Tally>("first") { g in
            let node = g.node("node") { _, _ in time.withLock { $0 = uptime() } }
            g.start(at: node)
        }
        _ = try await GraphExecutor().run(graph, from: Tally())
        return time.withLock { $0 }
    }
}

/// Sleeps until it is cancelled.
private struct Wait: Node {
    func run(_ state: inout Tally, in context: NodeContext) async throws {
        try await context.environment.sleep(for: .seconds(1_000))
    }
}

extension Probe {
    /// Prints by how much the process grows for each task that waits in `body`.
    private static func measureWaiting(_ body: @escaping @Sendable () async -> Void) async throws {
        let before = try residentBytes()
        try await withThrowingDiscardingTaskGroup { group in
            for _ in 0..<waiters { group.addTask { await body() } }
            try await Task.sleep(for: .seconds(1))
            print((try residentBytes() - before) / Double(waiters))
            group.cancelAll()
        }
    }

    /// The physical memory of this process.
    static func residentBytes() throws -> Double {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let parts = text.split(separator: " ")
        guard parts.count > 1, let pages = Double(parts[1]) else { throw MeasureError(what: "statm reads \(text)") }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Seconds on a clock that all processes of this machine share.
    private static func uptime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
