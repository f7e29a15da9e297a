import Apus
import ApusAgents
import ApusSQLite
import ApusTesting
import Foundation

/// Pays money back. A person has to agree to each payment, and sees the exact amount.
struct Refund: Tool {
    struct Input: Codable { var booking: String, euros: Int }
    let name = "refund"
    let description = "Pays money back for a booking"
    let policy = ToolPolicy(permission: .ask)
    let ledger: URL

    /// The bank tells a repetition by its key; here a line of a file takes the bank's place.
    func call(_ input: Input, _ context: ToolContext) async throws -> String {
        let old = (try? String(contentsOf: ledger, encoding: .utf8)) ?? ""
        if !old.contains(context.key) {
            let line = "\(context.key) \(input.booking) \(input.euros)\n"
            try (old + line).write(to: ledger, atomically: true, encoding: .utf8)
        }
        return "paid \(input.euros) €"
    }
}

/// The desk as one process sees it: the agent, and an engine on the file in which its runs are.
struct Desk {
    static let run = RunID("refund-1")
    let engine: Engine
    let agent: Agent
    let storage: SQLiteStorage

    init(in folder: URL) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let model = ScriptedModel([
            .call("refund", ["booking": "B-17", "euros": 40]), .text("I am sorry about the tent. You get 40 € back."),
        ])
        let refund = Refund(ledger: folder.appending(path: "payments.txt"))
        agent = try Agent("desk", model: model, tools: [refund], instructions: "Be kind, and mend what went wrong.")
        storage = try await SQLiteStorage.open(at: folder.appending(path: "runs.sqlite").path)
        // A process that died is known by the end of its lease.
        var options = EngineOptions()
        options.lease = .seconds(2)
        engine = Engine(storage: storage, options: options)
        engine.register(agent.graph)
    }

    /// Calls `body` while the engine runs.
    func open<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { [engine] group in
            group.addTask { try await engine.run() }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    /// Starts the run, which is there already the second time, and returns its question.
    func question() async throws -> OpenQuestion {
        try await open { [engine, agent] in
            try await engine.start(agent.graph, from: AgentState("My tent leaked, booking B-17."), id: Self.run)
            while true {
                if let question = try await engine.questions(of: Self.run).first { return question }
                try await LiveEnvironment().sleep(for: .milliseconds(20))
            }
        }
    }

    /// Answers, and returns what the agent says in the end.
    func answer(_ question: OpenQuestion, with approval: ToolApproval) async throws -> String {
        try await open { [engine, agent] in
            try await engine.answer(Self.run, question.id, with: approval)
            return try await engine.value(of: Self.run, agent.graph).text
        }
    }
}
