import Apus
import Foundation

#if os(Linux)
    extension ConfinedRunner {
        func run(
            _ program: CodeProgram, _ request: CodeRequest, _ limits: CodeLimits, _ environment: any Environment
        ) async throws -> CodeOutcome {
            // With files of its own the code gets a folder in memory.
            let folder = layers.contains(.mountNamespace) ? nil : try ScratchFolder(in: scratch)
            defer { folder?.remove() }
            let rules = LaunchRules(program, request, limits, confinement, work: folder?.path ?? "/box")
            let launch = try Launch(launcher, rules, input: request.input, limits)
            return try await withTaskCancellationHandler {
                try await withThrowingTaskGroup(of: CodeOutcome?.self) { group in
                    group.addTask { try await launch.outcome() }
                    group.addTask {
                        try await environment.sleep(for: limits.wallTime)
                        launch.stop(.limit(.wallTime))
                        return nil
                    }
                    defer { group.cancelAll() }
                    while let ended = try await group.next() {
                        if let outcome = ended { return outcome }
                    }
                    throw CancellationError()
                }
            } onCancel: {
                launch.stop(.cancelled)
            }
        }
    }

    extension Confinement {
        /// Asks the launcher what this machine has. It blocks for some milliseconds.
        static func probe(_ launcher: String) throws(CodeError) -> Confinement {
            var pipe = try PipeEnds()
            defer { pipe.closeBoth() }
            let process = try ChildProcess(launcher, ["--probe"], [(there: 1, here: pipe.writing)])
            pipe.closeWriting()
            var text: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4_096)
            while text.count < 65_536 {
                let count = read(pipe.reading, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { break }
                text += buffer[..<count]
            }
            process.kill()
            process.reap()
            return try Confinement(report: String(decoding: text, as: UTF8.self))
        }

        /// Reads lines of a layer and 0, or the number of an error.
        init(report: String) throws(CodeError) {
            var lines = report.split(separator: "\n").map { $0.split(separator: " ") }
            guard !lines.isEmpty, lines.removeFirst() == ["version", Substring(LaunchRules.version)] else {
                throw CodeError(.launcherFailed, detail: "apus-confine is of another version than this library")
            }
            self.init(lines.compactMap { $0.last == "0" ? ConfinementLayer(rawValue: String($0[0])) : nil })
        }
    }
#else
    extension ConfinedRunner {
        func run(
            _ program: CodeProgram, _ request: CodeRequest, _ limits: CodeLimits, _ environment: any Environment
        ) async throws -> CodeOutcome {
            throw CodeError(.unsupportedSystem)
        }
    }

    extension Confinement {
        static func probe(_ launcher: String) throws(CodeError) -> Confinement { throw CodeError(.unsupportedSystem) }
    }
#endif
