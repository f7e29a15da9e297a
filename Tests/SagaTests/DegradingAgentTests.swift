import Apus
import ApusAgents
import ApusTesting
import Testing

@Suite struct DegradingAgentTests {
    private let degradation = Degradation("test")
    private let storage = MemoryStorage()
    private let book = Book()

    /// What an attempt would not mend.
    struct Wrong: ClassifiedError {
        var failureKind: FailureKind { .permanent }
    }

    private struct Refund: Tool {
        let book: Book
        let name = "refund"
        let description = "Gives money back."

        struct Input: Codable, Sendable { var order: String }

        func call(_ input: Input, _ context: ToolContext) async throws -> String {
            try book.apply("refund \(input.order)", key: context.key)
            return "done"
        }
    }

    private struct Look: Tool {
        let name = "look"
        let description = "Looks at an order."
        let policy = ToolPolicy.readOnly

        func call(_ input: Refund.Input, _ context: ToolContext) async throws -> String { "order \(input.order)" }
    }

    @Test func `a model hands over to a cheaper one, is asked shorter, or refuses`() async throws {
        let dear = ScriptedModel { _, _ in ChatResponse(.assistant("dear"), finish: .stop) }
        let cheap = ScriptedModel { _, _ in ChatResponse(.assistant("cheap"), finish: .stop) }
        let model = dear.degrading(
            [
                .reduced: .using(cheap), .limited: .shortened(toLast: 2, answerTokens: 50),
                .critical: .refusing("rules decide"),
            ], by: degradation)
        let request = ChatRequest([.system("s"), .user("one"), .assistant("two"), .user("three")])
        #expect(try await model.chat(request).text == "dear")
        degradation.order(.reduced, because: "test")
        #expect(try await model.chat(request).text == "cheap")
        degradation.order(.limited, because: "test")
        #expect(try await model.chat(request).text == "dear")
        #expect(dear.requests.last?.messages.map(\.text) == ["s", "three"])
        #expect(dear.requests.last?.maximumTokens == 50)
        degradation.order(.critical, because: "test")
        await #expect(throws: DegradedError(level: .critical, reason: "rules decide")) {
            try await model.chat(request)
        }
    }

    private func answer(_ tools: ToolSet) async throws -> (text: String, results: [String]) {
        let model = ScriptedModel([
            .call("look", ["order": "7"]), .call("refund", ["order": "7"]), .text("ok"),
        ])
        let agent = try Agent(AgentProfile("clerk"), model: model, tools: tools)
        let executor = GraphExecutor(storage: storage)
        let end = try await executor.run(agent.graph, from: AgentState([.user("refund 7")]), id: RunID("one"))
        let results = end.messages.flatMap(\.parts).compactMap { part -> String? in
            if case .toolResult(let result) = part.content { return result.text }
            return nil
        }
        return (end.text, results)
    }

    @Test func `from a level on tools only look, and the model reads why`() async throws {
        degradation.order(.critical, because: "test")
        let tools = try ToolSet([Look(), Refund(book: book)]).readOnly(from: .critical, by: degradation)
        let (_, results) = try await answer(tools)
        #expect(results[0] == "order 7")
        #expect(results[1].contains("At the level critical this is not done. Nothing is changed at the moment."))
        #expect(book.lines == [])
    }

    @Test func `in maintenance calls are kept as drafts, each once`() async throws {
        degradation.order(.maintenance, because: "test")
        let box = DraftBox(in: storage)
        let tools = try ToolSet([Look(), Refund(book: book)]).drafted(from: .maintenance, in: box, by: degradation)
        let (_, results) = try await answer(tools)
        #expect(results[1].contains("kept as a draft"))
        let drafts = try await box.drafts()
        #expect(drafts.map(\.tool) == ["refund"])
        #expect(drafts.first?.arguments == #"{"order":"7"}"#)
        #expect(drafts.first?.run == RunID("one"))
        #expect(try await box.remove(try #require(drafts.first).id))
        #expect(try await box.remove(try #require(drafts.first).id) == false)
        #expect(book.lines == [])
    }

    private enum Verdict: String, CaseIterable, Codable, Sendable { case accept, decline }

    @Test func `a decision asks no model from its level on`() async throws {
        let model = ScriptedModel([.text(#"{"reason": "why not", "choice": "accept"}"#)])
        let engine = DecisionEngine<Int, Verdict>(
            "Accept it?", rules: [], fallback: .decline, model: model, describe: { "\($0)" }
        ).rulesOnly(from: .limited)
        #expect(try await engine.decide(1, by: .hybrid, at: .reduced).choice == .accept)
        let decision = try await engine.decide(1, by: .model, at: .limited)
        #expect(decision.choice == .decline && decision.mode == .rules)
        #expect(decision.modelFailure == "at the level limited no model is asked")
    }

    @Test func `what a tool did is undone with the run around its agent`() async throws {
        struct Booking: Tool {
            let book: Book
            let name = "book"
            let description = "Books."

            func call(_ input: Refund.Input, _ context: ToolContext) async throws -> String {
                try book.apply("book \(input.order)", key: context.key)
                try await context.node.compensate(Compensation("cancel", of: String.self), with: input.order)
                return "booked"
            }
        }
        let book = book
        let model = ScriptedModel([
            .call("book", ["order": "7"]), .text("ok"),
        ])
        let agent = try Agent("clerk", model: model, tools: [Booking(book: book)])
        let graph = try Graph<Trip>("desk") { g in
            g.saga()
            _ = g.compensation("cancel", of: String.self) { order, context in
                try book.apply("cancel \(order)", key: context.key)
            }
            let clerk = g.node("clerk") { trip, context in
                trip.log.append(try await context.run(agent.graph, from: AgentState([.user("book 7")])).text)
            }
            let last = g.node("last") { _, _ in throw Refusal(what: "last") }
            g.start(at: clerk)
            g.chain(clerk, last)
        }
        let failure = await #expect(throws: SagaFailure.self) {
            try await GraphExecutor(storage: storage).run(graph, from: Trip(), id: RunID("one"))
        }
        #expect(book.lines == ["book 7", "cancel 7"])
        #expect(failure?.report.undone.count == 1 && failure?.report.left == [], "\(String(describing: failure))")
    }
}
