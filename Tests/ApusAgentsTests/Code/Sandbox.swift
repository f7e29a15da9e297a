import Apus
import ApusAgents
import Foundation
import Testing

/// A runner of the tests, for Python and a shell.
enum Sandbox {
    static let python = "/usr/bin/python3"
    static let shell = "/bin/sh"

    /// The launcher stands beside the tests, or beside the bundle they are in.
    static let launcher: String = {
        var tests = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
        for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") { tests = bundle.bundleURL }
        return tests.deletingLastPathComponent().appending(path: "apus-confine").path
    }()

    static func runner(_ change: (inout CodeLimits) -> Void = { _ in }) async throws -> ConfinedRunner {
        try #require(
            FileManager.default.isExecutableFile(atPath: python),
            "these tests run Python: `Scripts/prepare test` installs it as \(python)")
        var limits = CodeLimits()
        limits.processorTime = .seconds(5)
        change(&limits)
        return try await ConfinedRunner(programs, limits: limits, launcher: launcher)
    }

    static var programs: [CodeProgram] { [.python(python), .shell(shell)] }
}

extension ConfinedRunner {
    func python(_ code: String, input: String = "", limits: CodeLimits? = nil) async throws -> CodeOutcome {
        try await run(CodeRequest(code, language: "python", input: input, limits: limits), in: .live)
    }

    func shell(_ code: String, input: String = "") async throws -> CodeOutcome {
        try await run(CodeRequest(code, language: "sh", input: input), in: .live)
    }
}
