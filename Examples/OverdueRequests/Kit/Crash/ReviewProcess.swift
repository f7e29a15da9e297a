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
        let output = Self.output(of: pipe.fileHandleForReading)
        let (ended, end) = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in end.finish() }
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
        for await _ in ended {}
        return process.terminationReason == .uncaughtSignal ? .killed : .exited(process.terminationStatus)
    }

    /// What is written to the other end of a pipe, as it comes. What it prints is text by whole lines.
    private static func output(of handle: FileHandle) -> AsyncStream<String> {
        AsyncStream { continuation in
            handle.readabilityHandler = { handle in
                let data = handle.availableData
                if data.isEmpty {
                    handle.readabilityHandler = nil
                    continuation.finish()
                } else {
                    continuation.yield(String(decoding: data, as: UTF8.self))
                }
            }
        }
    }
}
