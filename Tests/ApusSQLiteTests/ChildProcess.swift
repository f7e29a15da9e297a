import AsideKit
import Foundation
import ProcessKit

/// A run of the tool SQLiteChild.
struct ChildProcess: Sendable {
    /// How it ended: an exit code, or the number of the signal that killed it.
    enum End: Equatable, Sendable { case exited(Int32), killed(Int32) }

    private let process = Process()
    private let pipe = Pipe()

    init(_ arguments: String...) throws {
        process.executableURL = try ChildProgram.location(of: "SQLiteChild")
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
    }

    /// What it printed and how it ended.
    func wait() async -> (output: String, end: End) { await aside { waited() } }

    private func waited() -> (output: String, end: End) {
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let status = process.terminationStatus
        return (
            String(decoding: output, as: UTF8.self),
            process.terminationReason == .exit ? .exited(status) : .killed(status)
        )
    }
}
