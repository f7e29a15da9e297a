#if os(Linux)
    import Apus
    import ApusAgents
    import Foundation
    import Testing

    @Suite struct ConfinedLimitTests {
        @Test func `of long output the first half and the last are kept`() async throws {
            let runner = try await Sandbox.runner { $0.output = 1_000 }
            let outcome = try await runner.python("print('a' * 600 + 'b' * 100_000 + 'c' * 599)")
            #expect(outcome.succeeded)
            #expect(outcome.output.omitted == 101_200 - 1_000)
            let text = outcome.output.text
            #expect(text.hasPrefix(String(repeating: "a", count: 500) + "\n[… 100200 bytes left out …]\n"))
            #expect(text.hasSuffix("\n" + String(repeating: "c", count: 499) + "\n"))
            let whole = try await runner.python("print('a' * 999)")
            #expect(whole.output == CapturedText(String(repeating: "a", count: 999) + "\n"))
        }

        @Test func `output beyond all bounds ends the run`() async throws {
            let runner = try await Sandbox.runner { $0.totalOutput = 100_000 }
            let outcome = try await runner.shell("while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done")
            #expect(outcome.ending == .stopped(.output))
            #expect(outcome.output.omitted > 0)
        }

        @Test func `time is measured by the environment`() async throws {
            let request = CodeRequest("sleep 1000 & sleep 1000", language: "sh")
            let outcome = try await Sandbox.runner().run(request, in: HastyEnvironment())
            #expect(outcome.ending == .stopped(.wallTime))
            #expect(outcome.limit == .wallTime)
        }

        @Test func `a request tightens limits and never widens them`() async throws {
            let runner = try await Sandbox.runner {
                $0.openFiles = 20
                $0.output = 10
            }
            var limits = CodeLimits()
            limits.openFiles = 1_000
            limits.output = 1_000
            limits.processorTime = .milliseconds(1_500)
            let code = """
                import resource
                print(resource.getrlimit(resource.RLIMIT_NOFILE)[1], resource.getrlimit(resource.RLIMIT_CPU)[0])
                """
            #expect(try await runner.python(code, limits: limits).output.text == "20 2\n")
        }

        @Test func `code that is too large or of no known language is not run`() async throws {
            let runner = try await Sandbox.runner { $0.request = 100 }
            await #expect(throws: CodeError(.tooLarge)) { try await runner.python(String(repeating: "#", count: 101)) }
            await #expect(throws: CodeError(.tooLarge)) {
                try await runner.python("", input: String(repeating: "#", count: 101))
            }
            let error = await #expect(throws: CodeError(.unknownLanguage)) {
                try await runner.run(CodeRequest("", language: "perl"), in: .live)
            }
            #expect("\(try #require(error))".contains("python, sh"))
        }

        @Test func `large code and input arrive whole, also where nobody reads them`() async throws {
            let runner = try await Sandbox.runner()
            let input = String(repeating: "0123456789\n", count: 45_000)
            let code = String(repeating: "# padding\n", count: 40_000) + "import sys\nprint(len(sys.stdin.read()))"
            #expect(try await runner.python(code, input: input).output.text == "495000\n")
            #expect(try await runner.shell("echo well", input: input).output.text == "well\n")
            #expect(try await runner.shell("exec 0<&-; echo well", input: input).output.text == "well\n")
        }

        @Test func `a run that is cancelled leaves nothing`() async throws {
            let mark = "MARK=\(UUID())"
            let runner = try await Sandbox.runner(mark: mark)
            let (begun, tell) = AsyncStream.makeStream(of: Void.self)
            let request = CodeRequest("sleep 1000 & sleep 1000", language: "sh")
            let task = LiveEnvironment().spawn {
                try await runner.run(request, in: WatchedEnvironment { tell.finish() })
            }
            for await _ in begun {}
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try Sandbox.processes(with: mark) == [])
        }

        @Test func `many runs at once each have their own`() async throws {
            let runner = try await Sandbox.runner()
            try await withThrowingTaskGroup(of: (Int, CodeOutcome).self) { group in
                for number in 0..<24 {
                    group.addTask {
                        (number, try await runner.shell("read n; echo $n > f; ls; cat f", input: "\(number)\n"))
                    }
                }
                for try await (number, outcome) in group {
                    #expect(outcome.output.text == "f\nmain.sh\n\(number)\n", "\(outcome)")
                }
            }
        }

        @Test func `where there is no folder in memory, that of the host is removed whatever is in it`() async throws {
            let before = try folders()
            let runner = try await Sandbox.runner(without: [.mountNamespace])
            let code = """
                mkdir -p a/b/c; echo x > a/b/c/d; ln -s / link; mkdir -m 0 closed; (umask 777; mkdir darker; : > dark); pwd
                """
            let outcome = try await runner.shell(code)
            #expect(outcome.succeeded && outcome.output.text.contains("/apus-code-"), "\(outcome)")
            let folder = outcome.output.text.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(!FileManager.default.fileExists(atPath: folder))
            #expect(try folders().subtracting(before).isEmpty)
        }

        private func folders() throws -> Set<String> {
            let folder = FileManager.default.temporaryDirectory
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            return Set(names.filter { $0.hasPrefix("apus-code-") })
        }
    }

    /// The real world, in which whoever sleeps is woken at once.
    private struct HastyEnvironment: Environment {
        var executor: (any TaskExecutor)? { nil }
        func now() -> Instant { LiveEnvironment().now() }
        func random() -> UInt64 { 0 }
        func sleep(until deadline: Instant) async throws {}
    }

    /// The real world, which tells when somebody sleeps.
    private struct WatchedEnvironment: Environment {
        let tell: @Sendable () -> Void
        var executor: (any TaskExecutor)? { nil }
        func now() -> Instant { LiveEnvironment().now() }
        func random() -> UInt64 { 0 }
        func sleep(until deadline: Instant) async throws {
            tell()
            try await LiveEnvironment().sleep(until: deadline)
        }
    }
#endif
