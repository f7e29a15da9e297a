import Foundation

/// A run of the tool SQLiteChild.
struct ChildProcess {
    /// How it ended: an exit code, or the number of the signal that killed it.
    enum End: Equatable { case exited(Int32), killed(Int32) }

    private let process = Process()
    private let pipe = Pipe()

    init(_ arguments: String...) throws {
        var folder = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
        for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") { folder = bundle.bundleURL }
        var tool = folder
        while !FileManager.default.isExecutableFile(atPath: tool.path(percentEncoded: false)) || tool == folder {
            guard folder.path(percentEncoded: false) != "/" else { throw CocoaError(.fileNoSuchFile) }
            folder = folder.deletingLastPathComponent()
            tool = folder.appending(path: "SQLiteChild")
        }
        process.executableURL = tool
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
    }

    /// What it printed and how it ended. It blocks the calling thread.
    func wait() -> (output: String, end: End) {
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let status = process.terminationStatus
        return (
            String(decoding: output, as: UTF8.self),
            process.terminationReason == .exit ? .exited(status) : .killed(status)
        )
    }
}
