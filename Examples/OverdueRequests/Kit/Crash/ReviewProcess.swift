import Foundation

/// The review in a process of its own, which can be killed.
struct ReviewProcess {
    enum Ending: Equatable {
        case exited(Int32)
        case killed
    }

    let executable: URL
    let arguments: [String]
    /// After how many notices it kills itself; `nil` for never.
    var killAfter: Int?

    /// Runs it to its end. Each line that it prints goes to `isEnough`, which says when to kill it.
    func run(until isEnough: (String) async -> Bool) async throws -> Ending {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(
            killAfter.map { [CrashingNotifier.variable: "\($0)"] } ?? [:]
        ) { $1 }
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        let (output, printed) = AsyncStream<String>.makeStream()
        let handle = pipe.fileHandleForReading
        handle.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            printed.yield(String(decoding: data, as: UTF8.self))
        }
        // The other end of the pipe may be open for longer: another process that is started meanwhile inherits it.
        process.terminationHandler = { _ in printed.finish() }
        try process.run()
        var rest = ""
        for await text in output {
            rest += text
            while let end = rest.firstIndex(of: "\n") {
                let line = String(rest[..<end])
                rest.removeSubrange(...end)
                if await isEnough(line), process.isRunning { kill(process.processIdentifier, SIGKILL) }
            }
        }
        handle.readabilityHandler = nil
        if process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            throw CancellationError()
        }
        return process.terminationReason == .uncaughtSignal ? .killed : .exited(process.terminationStatus)
    }
}
