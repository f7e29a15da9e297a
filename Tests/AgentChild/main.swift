import Apus
import ApusAgents
import ApusSQLite
import ApusTesting
import Foundation
import SQLiteFaults

// An agent for tests to kill:
//
//   AgentChild                          dies at each commit of its storage in turn, and has to come to what it comes to undisturbed
//   AgentChild <folder> <point>         works in a folder, and dies at an operation of the disk (0: at none)
//   AgentChild <folder> <point> pipelined

/// Works on the task, or goes on with it, and returns all that counts in the end.
func work<Space: Storage>(in folder: String, _ file: SQLiteStorage, _ storage: Space, _ durability: Durability)
    async throws -> String
{
    let world = AgentWorld(in: folder)
    let agent = try Agent("clerk", model: world.model, tools: [Post(world: world)])
    let run = RunID("agent-1")
    let before = world.lines.count
    let committed = before == 0 ? [] : try await committed(run, agent, Engine(storage: file))
    let executor = GraphExecutor(storage: storage, durability: durability)
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

let arguments = CommandLine.arguments.dropFirst()
if let folder = arguments.first, let point = arguments.dropFirst().first.flatMap(Int.init) {
    var options = SQLiteOptions()
    options.checkpointPages = 20
    if point > 0 {
        let disk = FaultyDisk(name: "faulty", seed: 1)
        disk.plan(.kill, at: point)
        options.vfs = disk.name
    }
    let file = try await SQLiteStorage.open(at: folder + "/runs.sqlite", options: options)
    print(try await work(in: folder, file, file, arguments.contains("pipelined") ? .pipelined : .everyStep))
    await file.close()
} else {
    let trial = CrashTrial { attempt in
        let file = try await SQLiteStorage.open(at: attempt.folder + "/runs.sqlite")
        return try await work(in: attempt.folder, file, attempt.dying(in: file), .everyStep)
    }
    print("killed \(try await trial.run()) times")
}
