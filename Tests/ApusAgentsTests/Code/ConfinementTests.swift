#if os(Linux)
    import Apus
    import ApusAgents
    import Foundation
    import Testing

    @Suite struct ConfinementTests {
        @Test(arguments: ConfinementLayer.allCases)
        func `where a layer is missing no code is run, and the error names it`(_ layer: ConfinementLayer) async throws {
            let probe = Confinement(ConfinementLayer.allCases.filter { $0 != layer })
            let error = await #expect(throws: CodeError(.notConfined, layers: [layer])) {
                try await ConfinedRunner(Sandbox.programs, launcher: Sandbox.launcher, probe: { probe })
            }
            #expect("\(try #require(error))".contains(layer.rawValue))
            // To accept another one is not to accept this one.
            let others = Set(ConfinementLayer.allCases).subtracting([layer])
            await #expect(throws: CodeError(.notConfined, layers: [layer])) {
                try await ConfinedRunner(
                    Sandbox.programs, launcher: Sandbox.launcher, confinement: .weak(without: others), probe: { probe })
            }
            let weak = try await ConfinedRunner(
                Sandbox.programs, launcher: Sandbox.launcher, confinement: .weak(without: [layer]), probe: { probe })
            #expect(weak.layers == probe.active && weak.confinement.missing == [layer])
        }

        @Test func `a layer that can't be had when code is to run is an error, and nothing runs`() async throws {
            // No namespace is left without one for users.
            let runner = try await Sandbox.runner(without: [.userNamespace])
            let error = await #expect(throws: CodeError(.launcherFailed, layers: [.mountNamespace])) {
                try await runner.shell("echo 1")
            }
            #expect("\(try #require(error))".contains("mountNamespace, Operation not permitted"))
        }

        @Test func `what was accepted as missing and is there holds nonetheless`() async throws {
            let runner = try await ConfinedRunner(
                Sandbox.programs, launcher: Sandbox.launcher,
                confinement: .weak(without: Set(ConfinementLayer.allCases)))
            #expect(runner.layers == ConfinementLayer.allCases, "this machine lacks \(runner.confinement.missing)")
            let outcome = try await runner.shell("cat /etc/passwd")
            #expect(!outcome.succeeded && outcome.output.isEmpty)
        }

        @Test func `a program that is none is an error that says so`() async throws {
            let path = FileManager.default.temporaryDirectory.appending(path: "program-\(UUID())").path
            try "no program\n".write(toFile: path, atomically: false, encoding: .utf8)
            chmod(path, 0o755)
            defer { unlink(path) }
            let program = CodeProgram(language: "none", executable: path, readable: [])
            let runner = try await ConfinedRunner([program], launcher: Sandbox.launcher)
            let error = await #expect(throws: CodeError(.launcherFailed)) {
                try await runner.run(CodeRequest(""), in: .live)
            }
            #expect("\(try #require(error))".contains("program, Exec format error"))
        }

        @Test func `a launcher that is not there is an error that says what to do`() async throws {
            let missing = CodeError(.launcherMissing)
            #expect("\(missing)".contains("apus-confine"))
            await #expect(throws: missing) {
                try await ConfinedRunner(Sandbox.programs, launcher: "/nowhere/apus-confine")
            }
        }

        @Test(arguments: ["echo version 9; echo seccomp 0", "exit 0", "echo hello", "kill -9 $$"])
        func `a launcher of another kind is refused`(_ script: String) async throws {
            let path = FileManager.default.temporaryDirectory.appending(path: "launcher-\(UUID())").path
            try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: false, encoding: .utf8)
            chmod(path, 0o755)
            defer { unlink(path) }
            await #expect(throws: CodeError(.launcherFailed)) {
                try await ConfinedRunner(Sandbox.programs, launcher: path)
            }
            let all = Confinement(ConfinementLayer.allCases)
            let runner = try await ConfinedRunner(Sandbox.programs, launcher: path, probe: { all })
            await #expect(throws: CodeError(.launcherFailed)) { try await runner.shell("echo 1") }
        }

        @Test(.timeLimit(.minutes(60)))
        func `when the host is killed its runs end`() throws {
            let host = Process()
            let output = Pipe()
            host.executableURL = URL(filePath: Sandbox.python)
            let layers = ConfinementLayer.allCases.map(\.rawValue).joined(separator: ",")
            host.arguments = ["-I", "-c", try EscapeAttempt.text("host.python"), Sandbox.launcher, "A=1", layers]
            host.standardOutput = output
            try host.run()
            #expect(output.fileHandleForReading.readData(ofLength: 3) == Data("up\n".utf8))
            kill(host.processIdentifier, SIGKILL)
            // All of a run share its output: it ends with the last of them.
            #expect(output.fileHandleForReading.readDataToEndOfFile().isEmpty)
        }

        @Test(arguments: [
            CodeProgram(language: "a", executable: "sh", readable: []), .shell("/bin/../bin/sh"), .shell("/bin//sh"),
            .shell("/nowhere/sh"), .shell("/etc/passwd"), .shell("/bin/sh", tools: ["/"]),
            .shell("/bin/sh", tools: ["/proc"]),
            .shell("/bin/sh", tools: ["/dev/shm"]), .shell("/bin/sh", tools: ["/sys/kernel"]),
            .shell("/bin/sh", tools: ["bin"]),
            CodeProgram(language: "a", executable: "/bin/sh", fileName: "../a", readable: []),
            CodeProgram(language: "a", executable: "/bin/sh", fileName: "", readable: []),
            CodeProgram(language: "a", executable: "/bin/sh", environment: ["A=B": ""], readable: []),
            CodeProgram(language: "a", executable: "/bin/sh", environment: ["A": "\u{0}"], readable: []),
            CodeProgram(language: "a", executable: "/bin/sh", arguments: ["\u{0}"], readable: []),
        ])
        func `a program that shows more than itself, or can't be run, is refused`(_ program: CodeProgram) async throws {
            await #expect(throws: CodeError(.invalidProgram)) {
                try await ConfinedRunner([program], launcher: Sandbox.launcher)
            }
        }

        @Test func `two programs of one language and no program at all are refused`() async throws {
            for programs in [[], [CodeProgram.shell("/bin/sh"), .shell("/bin/sh")]] {
                await #expect(throws: CodeError(.invalidProgram)) {
                    try await ConfinedRunner(programs, launcher: Sandbox.launcher)
                }
            }
        }

        @Test func `arguments and variables reach the program exactly, and no others`() async throws {
            let odd = [
                "-c", "import sys, os; print(sys.argv[1:], dict(os.environ))", "$HOME", "a b", "';\"\\", "", "ü\n",
            ]
            let program = CodeProgram(
                language: "odd", executable: Sandbox.python, arguments: ["-I", "-B", "-X", "utf8"] + odd,
                fileName: "code",
                environment: ["B": "x=y $HOME", "HOME": "nowhere", "LC_ALL": "C.UTF-8"],
                readable: CodeProgram.python(Sandbox.python).readable)
            let runner = try await ConfinedRunner([program], launcher: Sandbox.launcher)
            let outcome = try await runner.run(CodeRequest(""), in: .live)
            let words =
                #"['$HOME', 'a b', '\';"\\', '', 'ü\n', 'code'] {'B': 'x=y $HOME', 'HOME': 'nowhere', 'LC_ALL': 'C.UTF-8', 'TMPDIR': '/box'}"#
            #expect(outcome.output.text == words + "\n", "\(outcome)")
        }
    }
#endif
