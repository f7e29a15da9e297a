import ApusAgents
import ApusTesting
import Foundation
import OverdueRequestsKit
import Testing

@Suite struct DeciderTests {
    private let overdue = OverdueRequest(Samples.request(late: 18), at: Samples.asOf)!

    private func model(_ choice: String) -> ScriptedModel {
        ScriptedModel { _, _ in
            ChatResponse(.assistant(#"{"reason": "people wait in the cold", "choice": "\#(choice)"}"#), finish: .stop)
        }
    }

    @Test func `without a model rules decide alone`() async throws {
        let decision = try await Decider().decide(overdue)
        #expect(decision == DecisionRules().decide(overdue))
        #expect(decision.action == .escalate(level: 3))
    }

    @Test func `a model may go one step from what the rules ask for, and says why`() async throws {
        let milder = model("escalate to director")
        let decision = try await Decider(model: milder).decide(overdue)
        #expect(decision.action == .escalate(level: 2))
        #expect(decision.reasons.last == "script: people wait in the cold")
        #expect(decision.model == "script")
        #expect(milder.requests.first?.messages.last?.text.contains("18 days late") == true)
    }

    @Test(arguments: ["wait", "call the police"])
    func `where it goes further, or fails, the rules remain`(choice: String) async throws {
        let decision = try await Decider(model: model(choice)).decide(overdue)
        #expect(decision.action == .escalate(level: 3))
        #expect(decision.model == nil)
        #expect(decision.modelFailure?.contains("none of") == true)
    }

    @Test func `the summary says who decided`() async {
        let folder = TemporaryFolder()
        let alone = await Commanded().run(["--out", folder.url.path, "--approve", "yes"])
        #expect(alone.output.contains("Rules decided alone; with OPENAI_API_KEY set"))
        let other = TemporaryFolder()
        let both = await Commanded().run(
            ["--out", other.url.path, "--limit", "900", "--approve", "yes"], model: model("remind"))
        #expect(both.output.contains("Rules decided with script, which had a say in "))
        let failing = ScriptedModel { _, info in throw LLMError(.authentication, info) }
        let third = TemporaryFolder()
        let failed = await Commanded().run(
            ["--out", third.url.path, "--limit", "900", "--approve", "yes"], model: failing)
        #expect(failed.output.contains("where the rules remain: scripted script"))
    }
}
