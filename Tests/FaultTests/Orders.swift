import Apus

/// The state of runs of which something stored gets damaged.
struct Order: GraphState {
    var rounds = 0
    var text = ""
    var total = 0
}

/// Runs that leave entries of every kind: frames, a snapshot, a question, letters, timers.
enum Orders {
    static let undisturbed = 13

    static func graph() throws -> Graph<Order> {
        try Graph<Order>("order") { g in
            let fill = g.node("fill") { order, _ in
                order.rounds += 1
                order.text = String(repeating: "\(order.rounds % 10)", count: 4_000)
            }
            let pay = g.node("pay") { order, context in order.total += try await context.step("card") { 1 } }
            let ask = g.node("ask") { order, context in
                let question = Question<Int>("amount", "How much?", expires: .seconds(30 * 86_400))
                order.total += try await context.ask(question)
            }
            let wait = g.node("wait") { order, context in
                order.total += try await context.signal(named: "go", as: Int.self)
            }
            g.start(at: fill)
            g.route(from: fill, to: [fill, pay]) { $0.rounds < 40 ? fill : pay }
            g.chain(pay, ask, wait)
        }
    }

    /// All but the last of the rounds are over, so that its journal is short.
    static let short = Order(rounds: 39)

    /// Starts a run and returns when it waits for its answer and keeps its signal.
    static func begin(
        _ run: RunID, _ engine: Engine, _ graph: Graph<Order>, from order: Order = Order()
    ) async throws {
        try await engine.start(graph, from: order, id: run)
        while try await engine.storage.scan(.below(RunKeys.questions(run)), limit: 1).isEmpty {
            try await engine.environment.sleep(for: .milliseconds(20))
        }
        try await engine.signal(run, "go", 5)
        while try await engine.storage.scan(.below(RunKeys.kept(run)), limit: 1).isEmpty {
            try await engine.environment.sleep(for: .milliseconds(20))
        }
        while try await engine.status(of: run)?.status != .waiting {
            try await engine.environment.sleep(for: .milliseconds(20))
        }
    }

    /// Answers every question that is open, and returns when each of the runs has ended.
    static func finish(_ runs: [RunID], _ engine: Engine) async throws {
        var open = runs
        while let run = open.last {
            for question in try await engine.questions() {
                try? await engine.answer(question.run, question.id, with: 7)
            }
            if (try? await engine.status(of: run))??.status.isTerminal == true {
                open.removeLast()
            } else {
                try await engine.environment.sleep(for: .milliseconds(50))
            }
        }
    }
}
