#if os(Linux)
    import Apus
    import ApusAgents
    import Foundation
    import Testing

    /// A runner of the tests, for Python and a shell.
    enum Sandbox {
        static let python =
            ["/usr/bin/python3", "/usr/local/bin/python3"].first(where: FileManager.default.isExecutableFile)
            ?? "/usr/bin/python3"
        static let shell = "/bin/sh"

        /// The launcher stands beside the tests, or beside the bundle they are in.
        static let launcher: String = {
            var tests = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
            for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") { tests = bundle.bundleURL }
            return tests.deletingLastPathComponent().appending(path: "apus-confine").path
        }()

        /// `mark` goes into the environment of all that is run.
        static func runner(
            mark: String = "A=1", without missing: Set<ConfinementLayer> = [],
            _ change: (inout CodeLimits) -> Void = { _ in }
        ) async throws -> ConfinedRunner {
            try #require(
                FileManager.default.isExecutableFile(atPath: python),
                "these tests run Python: `Scripts/prepare test` installs it as \(python)")
            var limits = CodeLimits()
            limits.processorTime = .seconds(5)
            change(&limits)
            let programs = programs.map { program in
                var program = program
                let parts = mark.split(separator: "=")
                program.environment[String(parts[0])] = String(parts[1])
                return program
            }
            if missing.isEmpty { return try await ConfinedRunner(programs, limits: limits, launcher: launcher) }
            let confinement = Confinement(ConfinementLayer.allCases.filter { !missing.contains($0) })
            return try await ConfinedRunner(
                programs, limits: limits, launcher: launcher, confinement: .weak(without: missing),
                probe: { confinement })
        }

        /// The processes that have this in their environment.
        static func processes(with mark: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
                guard Int32(name) != nil else { return false }
                let variables = (try? Data(contentsOf: URL(filePath: "/proc/\(name)/environ"))) ?? Data()
                return variables.range(of: Data(mark.utf8)) != nil
            }
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
#endif
