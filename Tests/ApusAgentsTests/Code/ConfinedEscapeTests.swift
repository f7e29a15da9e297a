#if os(Linux)
    import Apus
    import ApusAgents
    import Foundation
    import Testing

    @Suite(.serialized) struct ConfinedEscapeTests {
        /// What all processes of these tests have in their environment.
        private let mark = "APUS_MARK=\(UUID())"

        static let files = ["reading.python", "writing.python", "sockets.python", "calls.python", "processes.python"]

        @Test(arguments: files)
        func `no attempt of Python gets out`(_ file: String) async throws {
            let world = try EscapeWorld()
            let attempts = try EscapeAttempt.all(in: file, world)
            let outcome = try await runner().python(
                try EscapeAttempt.text("prelude.python"), input: try input(attempts, world))
            try judge(attempts, outcome, world)
        }

        @Test func `no attempt of a shell gets out`() async throws {
            let world = try EscapeWorld()
            let attempts = try EscapeAttempt.all(in: "attempts.shell", world)
            let runner = try await runner()
            for start in stride(from: 0, to: attempts.count, by: 40) {
                let some = Array(attempts[start..<min(start + 40, attempts.count)])
                try judge(some, try await runner.shell(Self.script(some)), world)
            }
        }

        @Test func `no attempt that needs a run of its own gets out or stays`() async throws {
            let world = try EscapeWorld()
            let runner = try await runner()
            let attempts = try EscapeAttempt.all(in: "alone.python", world)
            let outcomes = try await withThrowingTaskGroup(of: (Int, CodeOutcome).self) { group in
                var outcomes: [Int: CodeOutcome] = [:]
                for (index, attempt) in attempts.enumerated() {
                    if index >= 4, let (done, outcome) = try await group.next() { outcomes[done] = outcome }
                    var limits = runner.limits
                    if attempt.words.first == "wallTime" { limits.wallTime = .seconds(1) }
                    group.addTask { [limits] in (index, try await runner.python(attempt.code, limits: limits)) }
                }
                while let (done, outcome) = try await group.next() { outcomes[done] = outcome }
                return outcomes
            }
            for (index, attempt) in attempts.enumerated() {
                let outcome = try #require(outcomes[index])
                let text = "\(outcome)".prefix(2_000)
                #expect(!text.contains("ESCAPED") && !text.contains(world.secret), "\(attempt.name): \(text)")
                if let limit = attempt.words.first {
                    #expect(outcome.limit == CodeLimit(rawValue: limit), "\(attempt.name): \(text)")
                } else {
                    #expect(!text.contains("SyntaxError") && !text.contains("NameError"), "\(attempt.name): \(text)")
                }
            }
            #expect(try world.harm() == [])
            #expect(try Sandbox.processes(with: mark) == [])
        }

        /// Layers that are missing together.
        private static let groups: [Set<ConfinementLayer>] = [
            [.userNamespace, .mountNamespace, .processNamespace, .networkNamespace, .ipcNamespace],
            [.landlock, .landlockNetwork, .landlockScopes], [.seccomp],
        ]

        @Test(arguments: groups)
        func `without one kind of layer the others keep the secret and the host`(_ missing: Set<ConfinementLayer>)
            async throws
        {
            let runner = try await runner(without: missing)
            for file in ["reading.python", "writing.python", "processes.python", "attempts.shell"] {
                let world = try EscapeWorld()
                let attempts = try EscapeAttempt.all(in: file, world)
                let outcome =
                    if file.hasSuffix(".shell") {
                        try await runner.shell(Self.script(attempts))
                    } else {
                        try await runner.python(
                            try EscapeAttempt.text("prelude.python"), input: try input(attempts, world))
                    }
                #expect(outcome.output.text.hasSuffix("done\n"), "\(outcome)")
                #expect(!"\(outcome)".contains(world.secret))
                #expect(try world.harm() == [])
            }
            #expect(try Sandbox.processes(with: mark) == [])
        }

        @Test(arguments: files + ["attempts.shell"])
        func `where nothing confines them attempts do get out`(_ file: String) throws {
            let world = try EscapeWorld()
            let attempts = try EscapeAttempt.all(in: file, world).filter(\.isControl)
            let isShell = file.hasSuffix(".shell")
            let code = isShell ? Self.script(attempts) : try EscapeAttempt.text("prelude.python")
            let text = try Self.run(
                code, by: isShell ? Sandbox.shell : Sandbox.python, isShell ? "" : input(attempts, world))
            let parts = Self.parts(of: text)
            for attempt in attempts {
                let part = try #require(parts[attempt.name], "\(attempt.name) was not made: \(text.suffix(500))")
                #expect(part.contains("ESCAPED") || part.contains(world.secret), "\(attempt.name): \(part)")
            }
        }

        @Test func `there are more than seven hundred attempts`() throws {
            let world = try EscapeWorld()
            let attempts = try (Self.files + ["alone.python", "attempts.shell"]).flatMap { file in
                try EscapeAttempt.all(in: file, world).map { (name: "\(file): \($0.name)", isControl: $0.isControl) }
            }
            #expect(Set(attempts.map(\.name)).count == attempts.count)
            #expect(attempts.count > 700)
            #expect(attempts.count(where: \.isControl) > 150)
        }
    }

    extension ConfinedEscapeTests {
        private func runner(without missing: Set<ConfinementLayer> = []) async throws -> ConfinedRunner {
            try await Sandbox.runner(mark: mark, without: missing) { limits in
                // Without users of its own all processes of the user count.
                if missing.contains(.userNamespace) { limits.processes = 8_192 }
                limits.processorTime = .seconds(1)
                limits.wallTime = .seconds(120)
                limits.output = 8 << 20
                limits.memory = 256 << 20
            }
        }

        private func input(_ attempts: [EscapeAttempt], _ world: EscapeWorld) throws -> String {
            struct Input: Encodable {
                var names: [String: JSON]
                var attempts: [[String: String]]
            }
            let list = attempts.map { ["name": $0.name, "code": $0.code] }
            return "\(try JSON(encoding: Input(names: world.names, attempts: list)))"
        }

        /// Each attempt in a shell of its own.
        private static func script(_ attempts: [EscapeAttempt]) -> String {
            attempts.map {
                "echo 'attempt \($0.name.replacing("'", with: "'\\''"))'\n(\n\($0.code)) 2>&1\necho; echo held\n"
            }.joined() + "echo done\n"
        }

        /// What came after the name of each attempt.
        private static func parts(of text: String) -> [String: String] {
            var parts: [String: String] = [:]
            var name = ""
            for line in text.split(separator: "\n") {
                if line.hasPrefix("attempt ") {
                    name = String(line.dropFirst(8))
                } else {
                    parts[name, default: ""] += line + "\n"
                }
            }
            return parts
        }

        private func judge(_ attempts: [EscapeAttempt], _ outcome: CodeOutcome, _ world: EscapeWorld) throws {
            let text = outcome.output.text
            let parts = Self.parts(of: text)
            #expect(
                outcome.succeeded && text.hasSuffix("done\n"), "\(outcome.ending) \(text.suffix(500)) \(outcome.errors)"
            )
            #expect(!outcome.errors.text.contains(world.secret))
            for attempt in attempts {
                let part = parts[attempt.name] ?? ""
                #expect(
                    !part.contains("ESCAPED") && !part.contains(world.secret), "\(attempt.name): \(part.prefix(500))")
                #expect(part.contains("held"), "\(attempt.name) was not made: \(part.prefix(500))")
                #expect(
                    !part.contains("BROKEN") && !part.contains("yntax error"), "\(attempt.name): \(part.prefix(500))")
            }
            #expect(try world.harm() == [])
        }

        /// What a program prints that nothing confines.
        private static func run(_ code: String, by program: String, _ input: String) throws -> String {
            let folder = FileManager.default.temporaryDirectory.appending(path: "control-\(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let files = ["code": code, "input": input]
            for (name, text) in files {
                try text.write(to: folder.appending(path: name), atomically: false, encoding: .utf8)
            }
            let process = Process()
            let output = Pipe()
            process.executableURL = URL(filePath: program)
            process.arguments = ["code"]
            process.currentDirectoryURL = folder
            process.standardInput = try FileHandle(forReadingFrom: folder.appending(path: "input"))
            process.standardOutput = output
            process.standardError = output
            try process.run()
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            return text
        }
    }
#endif
