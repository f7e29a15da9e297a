public import Apus
import Foundation

/// Runs code in a process that the kernel of Linux confines.
///
/// The process sees the interpreter and what it needs, a folder of its own, and nothing else: no network, no other processes, no file
/// of the host, none of its environment. Limits hold for time, memory, processes, files and output. The program `apus-confine`, a
/// product of this package, confines itself and becomes the interpreter; no shell stands in between.
///
/// Each layer of ``ConfinementLayer`` is demanded. Where a machine lacks one, no runner is made, unless whoever makes it
/// names what may be missing.
public struct ConfinedRunner: CodeRunner {
    public let programs: [CodeProgram]
    public let limits: CodeLimits
    /// Which layers hold, for a page that shows the state of a service.
    public let confinement: Confinement
    let launcher: String
    let scratch: String

    /// Asks the machine what it has. `launcher` is the path of `apus-confine`; without it, it is looked for beside the main program.
    ///
    /// Throws ``CodeError``: `notConfined` with the layers that are missing and were not accepted.
    public init(
        _ programs: [CodeProgram], limits: CodeLimits = CodeLimits(), launcher: String? = nil,
        confinement demand: Confinement.Demand = .complete
    ) async throws {
        let launcher = try Self.path(of: launcher)
        try await self.init(
            programs, limits: limits, launcher: launcher, confinement: demand,
            probe: { try Confinement.probe(launcher) })
    }

    /// `probe` tells which layers the machine has.
    package init(
        _ programs: [CodeProgram], limits: CodeLimits = CodeLimits(), launcher: String,
        confinement demand: Confinement.Demand = .complete, probe: @Sendable @escaping () throws -> Confinement
    ) async throws {
        guard !programs.isEmpty else { throw CodeError(.invalidProgram, detail: "none is named") }
        for (index, program) in programs.enumerated() {
            try program.check()
            guard programs.firstIndex(where: { $0.language == program.language }) == index else {
                throw CodeError(.invalidProgram, detail: "two run \"\(program.language)\"")
            }
        }
        let found = try probe()
        try demand.check(found)
        self.programs = programs
        self.limits = limits
        self.launcher = launcher
        confinement = found
        scratch = FileManager.default.temporaryDirectory.path
    }

    public var languages: [String] { programs.map(\.language) }
    public var layers: [ConfinementLayer] { confinement.active }

    public func run(_ request: CodeRequest, in environment: any Environment) async throws -> CodeOutcome {
        let language = request.language ?? programs[0].language
        guard let program = programs.first(where: { $0.language == language }) else {
            let known = languages.joined(separator: ", ")
            throw CodeError(.unknownLanguage, detail: "\"\(language)\"; there are \(known)")
        }
        let limits = limits.tightened(by: request.limits)
        let size = request.code.utf8.count + request.input.utf8.count
        guard size <= limits.request else {
            throw CodeError(.tooLarge, detail: "\(size) of \(limits.request) bytes")
        }
        return try await run(program, request, limits, environment)
    }

    /// Where the launcher is; throws if it is not there.
    static func path(of launcher: String?) throws(CodeError) -> String {
        let beside = Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "apus-confine").path
        guard let path = launcher ?? beside, FileManager.default.isExecutableFile(atPath: path) else {
            throw CodeError(.launcherMissing, detail: launcher ?? beside)
        }
        return path
    }
}
