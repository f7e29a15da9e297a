#if os(Linux)
    import Apus
    import ApusAgents
    import ApusTesting
    import Foundation
    import Testing

    @Suite struct ConfinedAgentTests {
        private func model(_ arguments: JSON) -> ScriptedModel {
            ScriptedModel([.call("run_code", arguments), .text("done")])
        }

        private func result(_ agent: Agent) async throws -> String {
            try await agent.run([.user("?")]).messages.flatMap(\.toolResults).first?.text ?? ""
        }

        private let free = ToolPolicy(effect: .readOnly, timeout: nil)

        @Test func `an agent has code run and reads what it printed`() async throws {
            let code: JSON = ["code": "print(sum(map(int, input().split())))", "input": "1 2 39"]
            let agent = try await Agent.code("clerk", model: model(code), runner: Sandbox.runner(), policy: free)
            #expect(try await result(agent) == "exit code 0\noutput:\n42\n")
        }

        @Test func `an agent reads why its code failed`() async throws {
            let bad: JSON = ["code": "import sys; print(1); sys.exit('no')"]
            let agent = try await Agent.code("clerk", model: model(bad), runner: Sandbox.runner(), policy: free)
            #expect(try await result(agent) == "exit code 1\noutput:\n1\n\nerrors:\nno\n")
            let endless: JSON = ["code": "bytearray(1 << 40)"]
            let other = try await Agent.code("clerk", model: model(endless), runner: Sandbox.runner(), policy: free)
            #expect(try await result(other).hasPrefix("exit code 1, limit reached: memory"))
            let unknown: JSON = ["code": "", "language": "perl"]
            let third = try await Agent.code("clerk", model: model(unknown), runner: Sandbox.runner(), policy: free)
            #expect(try await result(third).contains("there are python, sh"))
        }

        @Test func `a person is asked before code is run, and sees it`() async throws {
            let runner = Played { _ in CodeOutcome(.exited(0), output: CapturedText("42")) }
            let agent = try Agent.code("clerk", model: model(["code": "print(42)"]), runner: runner)
            let engine = Engine(storage: .memory)
            engine.register(agent.graph)
            let text = try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await engine.run() }
                defer { group.cancelAll() }
                let run = try await engine.start(agent.graph, from: AgentState("?"))
                var questions: [OpenQuestion] = []
                while questions.isEmpty {
                    try await engine.environment.sleep(for: .milliseconds(2))
                    questions = try await engine.questions(of: run)
                }
                #expect(questions[0].text == #"May run_code be called with {"code":"print(42)"}?"#)
                try await engine.answer(run, questions[0].id, with: ToolApproval.approve)
                return try await engine.value(of: run, agent.graph).messages.flatMap(\.toolResults).first?.text
            }
            #expect(text == "exit code 0\noutput:\n42")
        }

        @Test func `a model is told the languages and the limits`() throws {
            let tool = RunCode(Played { _ in CodeOutcome(.exited(0)) })
            #expect(tool.description.contains("a, b") && tool.description.contains("512 MB"))
            #expect(tool.policy.permission == .ask && tool.policy.effect == .readOnly)
            let parameters = try BoundTool(tool).definition.parameters
            #expect("\(parameters)".contains("A whole program"))
        }

        @Test(
            arguments: [
                (CodeOutcome(.exited(0), errors: CapturedText("MemoryError")), nil),
                (CodeOutcome(.exited(1), errors: CapturedText("x\nMemoryError\n")), .memory),
                (CodeOutcome(.killed(signal: 6), errors: CapturedText("std::bad_alloc")), .memory),
                (CodeOutcome(.exited(2), errors: CapturedText("sh: Cannot fork")), .processes),
                (CodeOutcome(.exited(1), errors: CapturedText("[Errno 28] No space left on device")), .storage),
                (CodeOutcome(.exited(1), errors: CapturedText("no")), nil),
                (CodeOutcome(.stopped(.wallTime)), .wallTime),
            ] as [(CodeOutcome, CodeLimit?)])
        func `the limit of an outcome is the one that ended it, or the one its last words speak of`(
            _ outcome: CodeOutcome, _ limit: CodeLimit?
        ) {
            #expect(outcome.limit == limit)
        }
    }

    /// A runner that runs nothing.
    private struct Played: CodeRunner {
        let languages = ["a", "b"]
        let limits = CodeLimits()
        let play: @Sendable (CodeRequest) -> CodeOutcome
        func run(_ request: CodeRequest, in environment: any Environment) async throws -> CodeOutcome { play(request) }
    }
#endif
