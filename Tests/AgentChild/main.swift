import Apus
import ApusAgents
import ApusSQLite
import ApusTesting

// An agent that dies at each commit of its storage in turn, and has to come to what it comes to undisturbed.
let trial = CrashTrial { attempt in
    let world = AgentWorld(in: attempt.folder)
    let agent = try Agent("clerk", model: world.model, tools: [Post(world: world)])
    let file = try await SQLiteStorage.open(at: attempt.folder + "/runs.sqlite")
    let run = RunID("agent-1")
    let before = world.lines.count
    let committed = before == 0 ? [] : try await committed(run, agent, Engine(storage: file))
    let executor = GraphExecutor(storage: attempt.dying(in: file))
    let end = try await executor.run(agent.graph, from: AgentState("Post five letters."), id: run)
    try world.refuseRepetitions(of: committed, since: before)
    let posted = Set(world.lines.filter { $0.hasPrefix("post") }).count
    return "\(end.text); \(posted) letters, \(end.spent.turns) turns"
}

/// The deeds whose result is stored, as the world calls them.
func committed(_ run: RunID, _ agent: Agent, _ engine: Engine) async throws -> Set<String> {
    let history: RunHistory<AgentState>
    do {
        history = try await engine.history(of: run, agent.graph)
    } catch let error as JournalError where error.code == .unknownRun {
        return []
    }
    let turns = history.points.count { point in
        if case .completed = point.event { point.activation?.hasPrefix("think") == true } else { false }
    }
    let posts = history.effects.filter { $0.outcome != .open }.map { "post \($0.key)" }
    return Set((0..<turns).map { "turn \($0)" } + posts)
}

print("killed \(try await trial.run()) times")
