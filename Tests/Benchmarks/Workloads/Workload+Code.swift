import Apus
import ApusAgents
import Foundation

extension Workload {
    /// A program under all layers of confinement, one run after the other; beside the same program started by itself.
    static let codeRunner = Workload("code-runner") {
        var figures: [Figure] = []
        for (program, code) in [(CodeProgram.shell("/bin/sh"), ":"), (.python("/usr/bin/python3"), "pass")] {
            let runner = try await ConfinedRunner([program])
            let file = FileManager.default.temporaryDirectory.appending(path: "bench-code-\(getpid())").path
            try code.write(toFile: file, atomically: false, encoding: .utf8)
            defer { unlink(file) }
            let runs = 20
            let times = try await Contest(rounds: 5).time {
                for _ in 0..<runs {
                    let outcome = try await runner.run(CodeRequest(code), in: .live)
                    guard outcome.succeeded else { throw MeasureError(what: "\(outcome)") }
                }
            } against: {
                for _ in 0..<runs { try start(program.executable, program.arguments + [file]) }
            }
            let unit = Double(runs) * 1_000
            figures.append(
                Figure(
                    workload: "code-runner \(program.language)", n: runs, apus: times.first / unit,
                    raw: times.second / unit,
                    unit: "ms/run", bars: [.apus(program.language == "sh" ? 8 : 25)]))
        }
        return figures
    }

    /// Starts a program and waits for its end.
    private static func start(_ program: String, _ arguments: [String]) throws {
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var (process, status) = (pid_t(), Int32(0))
        guard posix_spawn(&process, program, nil, nil, words, [nil]) == 0 else { throw MeasureError(what: program) }
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        try MeasureError.expect(Int(status), 0)
    }
}
