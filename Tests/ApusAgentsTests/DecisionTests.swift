import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct DecisionTests {
    enum Action: String, CaseIterable, Codable { case wait, remind, escalate }

    private static let rules: [DecisionRule<Int, Action>] = [
        .exclude(.escalate, named: "grace", because: "nobody escalates within 30 days") { $0 < 30 },
        .choose(.remind, "late", because: "it is overdue") { $0 > 7 },
    ]

    private func engine(_ turns: [ScriptedModel.Turn]) -> (DecisionEngine<Int, Action>, ScriptedModel) {
        let model = ScriptedModel(turns)
        let engine = DecisionEngine(
            "What is to be done?", rules: Self.rules, fallback: Action.wait, model: model, describe: { "\($0) days" })
        return (engine, model)
    }

    private static func reply(_ choice: String) -> ScriptedModel.Turn {
        .text(#"{"reason": "because", "choice": "\#(choice)"}"#)
    }

    @Test(arguments: [(3, Action.wait), (10, .remind), (90, .remind)])
    func `rules decide alike each time and say why`(days: Int, action: Action) async throws {
        let (engine, model) = engine([])
        let decision = try await engine.decide(days, by: .rules)
        #expect(decision.choice == action)
        #expect(decision.author == (action == .wait ? .fallback : .rule("late")))
        #expect(decision.reasons.contains("late: it is overdue") == (action == .remind))
        #expect(model.requests.isEmpty)
    }

    @Test func `a hybrid decision offers the model only what the rules allow`() async throws {
        let (engine, model) = engine([Self.reply("wait")])
        let decision = try await engine.decide(10, by: .hybrid)
        #expect(decision.choice == .wait)
        #expect(decision.author == .model("script"))
        guard case .schema(let schema, _)? = model.requests.first?.format else { Issue.record("no schema"); return }
        #expect(schema.json["properties"]?["choice"]?["enum"] == ["wait", "remind"])
    }

    @Test(arguments: [
        reply("escalate"), .text("no idea"), .failure(.overloaded),
    ])
    func `in a hybrid decision the rules remain when the model fails`(turn: ScriptedModel.Turn) async throws {
        let (engine, _) = engine([turn])
        let decision = try await engine.decide(10, by: .hybrid)
        #expect(decision.choice == .remind)
        #expect(decision.author == .rule("late"))
        #expect(decision.modelFailure != nil)
    }

    @Test func `a model alone decides among all, and its failure is an error`() async throws {
        let (engine, _) = engine([Self.reply("escalate")])
        #expect(try await engine.decide(3, by: .model).choice == .escalate)
        let (failing, model) = self.engine([.failure(.overloaded)])
        await #expect(throws: LLMError(.overloaded, model.info)) { try await failing.decide(3, by: .model) }
    }

    @Test func `a model with rules falls back on them`() async throws {
        let (engine, _) = engine([.failure(.unreachable)])
        #expect(try await engine.decide(10, by: .modelWithRules).author == .rule("late"))
    }

    @Test func `rules that exclude every choice are an error`() async throws {
        let rule = DecisionRule<Int, Action>.exclude(.wait, .remind, .escalate, named: "all", because: "?") { _ in true
        }
        let engine = DecisionEngine("?", rules: [rule], fallback: .wait, describe: { "\($0)" })
        await #expect(throws: DecisionError(.nothingAllowed)) { try await engine.decide(1, by: .rules) }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `an adaptive chooser comes to prefer what does best`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let chooser = DurableChooser("route", ["a", "b", "c"], in: .memory)
        var chosen: [String: Int] = [:]
        for _ in 0..<300 {
            let choice = try await chooser.next()
            chosen[choice, default: 0] += 1
            let chance = choice == "b" ? 80 : 30
            try await chooser.learn(choice, reward: generator.below(100) < chance ? 1 : 0)
        }
        #expect(chosen["b", default: 0] > 180, "seed \(seed): \(chosen)")
        #expect(chosen["a", default: 0] > 3, "seed \(seed)")
    }
}
