import Apus
import ApusSQLite
import CrashKit
import Foundation
import SQLiteFaults

// A process for tests to kill:
//
//   CrashChild run <graph> <folder> <point> <variant>    executes the run "crash", and dies at an operation of the disk (0: at none)
//   CrashChild saga <graph> <folder> <point> <variant>   the same with a saga that fails, and prints what it failed with
//   CrashChild host <graph> <folder> <runs> <point>      hosts an engine until so many runs have completed, or dies likewise
//   CrashChild stall <graph> <folder> <runs> <point>     the same; behind its first effect it says so and waits for a line
//   CrashChild poison <graph> <folder> <runs> <point>    the same beside the run "poison", which aborts the process
//   CrashChild hold <graph> <folder> 0 0                 keeps all others from writing until it reads a line
//
// All but the last two print final states as JSON.

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 5, let variant = Int(arguments[4]), let kind = CrashGraph(rawValue: arguments[1]),
    let number = Int(arguments[3])
else { exit(2) }
// Invariant: it shares nothing and is awaited at once; a program's top level is isolated to the main actor.
let status = await Task.detached {
    do {
        var world = try CrashWorld(URL(filePath: arguments[2]))
        switch arguments[0] {
        case "host": try await host(kind, world, number, dyingAt: variant)
        case "stall":
            let isFirst = Guarded(true)
            world.applied = { _ in
                let mustStall = isFirst.withLock { isFirst in
                    defer { isFirst = false }
                    return isFirst
                }
                guard mustStall else { return }
                FileHandle.standardOutput.write(Data("stalled\n".utf8))
                _ = readLine()
            }
            try await host(kind, world, number, dyingAt: variant)
        case "poison": try await poison(kind, world, number)
        case "hold": try await hold(world)
        case "saga": try await saga(world, number, variant)
        default: try await run(kind, world, number, variant)
        }
        return Int32(0)
    } catch {
        FileHandle.standardError.write(Data("\(error)\n".utf8))
        return 1
    }
}.value
exit(status)

func run(_ kind: CrashGraph, _ world: CrashWorld, _ point: Int, _ variant: Int) async throws {
    let (storage, executor) = try await executor(in: world, point, variant)
    let (run, events) = executor.start(try kind.graph(world), from: CrashState(), id: RunID("crash"), events: .wait)
    for try await event in events {
        guard case .asked(_, let question) = event.kind else { continue }
        do {
            try await run.answer(question, with: 7)
        } catch let error as AnswerError where error.code == .notOpen {
            // The process before this one was killed when its answer was stored.
        }
    }
    try show(try await run.value)
    await storage.close()
}

func executor(
    in world: CrashWorld, _ point: Int, _ variant: Int
) async throws -> (SQLiteStorage, GraphExecutor) {
    var options = options(dyingAt: point)
    options.readers = 1
    options.checkpointPages = variant < Durability.allCases.count ? 20 : 3
    let storage = try await SQLiteStorage.open(at: world.database, options: options)
    let durability = Durability.allCases[variant % Durability.allCases.count]
    return (storage, GraphExecutor(storage: storage, durability: durability))
}

func saga(_ world: CrashWorld, _ point: Int, _ variant: Int) async throws {
    let (storage, executor) = try await executor(in: world, point, variant)
    do {
        _ = try await executor.run(try CrashSaga.graph(world), from: CrashState(), id: RunID("crash"))
    } catch let failure as SagaFailure {
        FileHandle.standardOutput.write(Data("\(failure)\n".utf8))
    }
    await storage.close()
}

func host(_ kind: CrashGraph, _ world: CrashWorld, _ runs: Int, dyingAt point: Int) async throws {
    let storage = try await SQLiteStorage.open(at: world.database, options: options(dyingAt: point))
    var options = EngineOptions()
    (options.lease, options.poll) = (.milliseconds(300), .milliseconds(50))
    let graph = try kind.graph(world)
    let engine = Engine(storage: storage, options: options)
    engine.register(graph)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await engine.run() }
        for number in 0..<runs { try await engine.start(graph, from: CrashState(), id: RunID("run-\(number)")) }
        for number in 0..<runs { try show(try await engine.value(of: RunID("run-\(number)"), graph)) }
        group.cancelAll()
    }
    await storage.close()
}

func poison(_ kind: CrashGraph, _ world: CrashWorld, _ runs: Int) async throws {
    let storage = try await SQLiteStorage.open(at: world.database)
    var options = EngineOptions()
    (options.lease, options.poll) = (.milliseconds(300), .milliseconds(50))
    let engine = Engine(storage: storage, options: options)
    engine.register(try kind.graph(world))
    engine.register(try CrashGraph.poison(world))
    let ids = (0..<runs).map { RunID("run-\($0)") } + [RunID("poison")]
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await engine.run() }
        for id in ids {
            let head = try await engine.outcome(of: id)
            print(id, head.status, head.reason ?? "")
        }
        group.cancelAll()
    }
    await storage.close()
}

func hold(_ world: CrashWorld) async throws {
    let storage = try await SQLiteStorage.open(at: world.database)
    try await storage.transact { _ in
        FileHandle.standardOutput.write(Data("held\n".utf8))
        _ = readLine()
        return ((), StorageBatch())
    }
    await storage.close()
}

func options(dyingAt point: Int) -> SQLiteOptions {
    var options = SQLiteOptions()
    guard point > 0 else { return options }
    let disk = FaultyDisk(name: "faulty", seed: 1)
    disk.plan(.kill, at: point)
    options.vfs = disk.name
    return options
}

func show(_ state: CrashState) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    FileHandle.standardOutput.write(try encoder.encode(state) + Data("\n".utf8))
}
