import Apus
import ApusTesting
import AsideKit
import Testing

/// What runs wait for, put away and taken up again in simulated time.
@Suite(.aside) struct QuestionTests {
    struct Trip: GraphState {
        var city = ""
        var nights = 0
        var log: [String] = []
        static let fields: [Field<Self>] = [
            Field("city", \.city), Field("nights", \.nights), Field("log", \.log, merging: .append),
        ]
    }

    struct TooLong: Error, CustomStringConvertible { var description: String { "at most 14 nights" } }

    private func asking(expires: Duration? = nil) throws -> Graph<Trip> {
        try Graph<Trip>("trip") { g in
            let plan = g.node("plan") { _, _ in }
            let city = g.node("city") { trip, context in
                let question = Question("city", "Where to?", choices: ["Lisbon", "Porto"], expires: expires)
                do {
                    trip.city = try await context.ask(question)
                } catch is QuestionExpired {
                    trip.city = "home"
                }
            }
            let nights = g.node("nights") { trip, context in
                trip.nights = try await context.ask(
                    Question<Int>("nights", "How long?") { if $0 > 14 { throw TooLong() } })
            }
            let book = g.node("book") { trip, _ in trip.log.append("\(trip.city), \(trip.nights) nights") }
            g.start(at: plan)
            g.fork(from: plan, to: city, nights)
            g.chain(city, book)
            g.chain(nights, book)
        }
    }

    private func hosted(
        _ graph: Graph<Trip>, _ body: @escaping @Sendable (Engine, RunID, any Environment) async throws -> Void
    ) throws {
        try Simulator(seed: 5).run(limit: .seconds(1_000_000)) { environment in
            let engine = Engine(storage: MemoryStorage(environment: environment), environment: environment)
            engine.register(graph)
            try await withThrowingTaskGroup { group in
                group.addTask { try await engine.run() }
                let run = try await engine.start(graph, from: Trip(), id: RunID("trip"))
                try await environment.sleep(for: .seconds(5))
                try await body(engine, run, environment)
                group.cancelAll()
            }
        }
    }

    @Test(arguments: [true, false])
    func `several questions are open at once and answered in any order, each once`(_ cityFirst: Bool) throws {
        let graph = try asking()
        try hosted(graph) { engine, run, environment in
            let questions = try await engine.questions()
            #expect(questions.map(\.id).sorted() == ["city?city", "nights?nights"])
            #expect(questions.first { $0.id == "city?city" }?.choices == ["\"Lisbon\"", "\"Porto\""])
            #expect(questions.allSatisfy { $0.run == run })
            for isCity in [cityFirst, !cityFirst] {
                if isCity {
                    try await engine.answer(run, "city?city", with: "Porto")
                } else {
                    try await engine.answer(run, "nights?nights", with: 3)
                }
                try await environment.sleep(for: .seconds(5))
            }
            #expect(try await engine.value(of: run, graph).log == ["Porto, 3 nights"])
            await #expect(throws: AnswerError(.notOpen, question: "city?city")) {
                try await engine.answer(run, "city?city", with: "Lisbon")
            }
        }
    }

    @Test func `an answer that is none of the choices is refused at once, and the question stays open`() throws {
        try hosted(try asking()) { engine, run, _ in
            await #expect(throws: AnswerError(.refused, question: "city?city", detail: "it is none of the choices")) {
                try await engine.answer(run, "city?city", with: "Atlantis")
            }
            let (open, head) = (try await engine.questions(of: run), try await engine.status(of: run))
            #expect(open.count == 2 && head?.status == .waiting)
        }
    }

    @Test func `an answer that the node refuses leaves the question open for a better one`() throws {
        let graph = try asking()
        try hosted(graph) { engine, run, environment in
            try? await engine.answer(run, "nights?nights", with: 30)
            try? await engine.answer(run, "nights?nights", with: "many")
            try await environment.sleep(for: .seconds(5))
            #expect(try await engine.questions(of: run).count == 2)
            try await engine.answer(run, "nights?nights", with: 2)
            try await engine.answer(run, "city?city", with: "Lisbon")
            #expect(try await engine.value(of: run, graph).log == ["Lisbon, 2 nights"])
        }
    }

    @Test func `a question that nobody answers in time expires, and the node decides what that means`() throws {
        let graph = try asking(expires: .seconds(86_400))
        try hosted(graph) { engine, run, environment in
            try await engine.answer(run, "nights?nights", with: 1)
            try await environment.sleep(for: .seconds(86_000))
            #expect(try await engine.questions(of: run).map(\.id) == ["city?city"])
            try await environment.sleep(for: .seconds(1_000))
            #expect(try await engine.value(of: run, graph).log == ["home, 1 nights"])
            await #expect(throws: AnswerError(.notOpen, question: "city?city")) {
                try await engine.answer(run, "city?city", with: "Porto")
            }
        }
    }
}
