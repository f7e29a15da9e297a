import Apus
import Foundation
import Testing

/// A run whose journal is checked in, so that later versions show that they still read it.
///
/// The files in the folder Golden are written once, with `APUS_WRITE_GOLDEN=1 swift test --filter GoldenTests`, and only for a run
/// that has none.
struct GoldenRun: Sendable, CustomTestStringConvertible {
    /// What is in a file.
    struct File: Codable {
        var capsule: RunCapsule
        /// What the history says, point by point, and the state at each.
        var points: [String]
        var states: [String]
        var effects: [LedgerEntry]
    }

    var name: String
    var graph: @Sendable () throws -> Graph<Sale>
    /// Makes the run; returns the one to keep.
    var record: @Sendable (Graph<Sale>, MemoryStorage) async throws -> RunID

    var testDescription: String { name }

    private var url: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Golden/\(name).json")
    }

    func file() throws -> File { try JSONDecoder().decode(File.self, from: try Data(contentsOf: url)) }

    static var isWriting: Bool { ProcessInfo.processInfo.environment["APUS_WRITE_GOLDEN"] != nil }

    /// Writes the file unless it is there.
    func write() async throws {
        guard !FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) else { return }
        let (graph, storage) = (try graph(), MemoryStorage())
        let run = try await record(graph, storage)
        let engine = Engine(storage: storage)
        let capsule = try await engine.export(run, graph)
        let points = try RunHistory(capsule, graph).points
        let file = File(
            capsule: capsule, points: points.map(\.description), states: try points.map { try $0.state.summary },
            effects: try capsule.effects)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try (try encoder.encode(file) + Data("\n".utf8)).write(to: url)
    }
}

extension GoldenRun {
    static let all = [sale, waiting, ways, doubt, undone, fork, snapshot, inner, choice]

    /// A run that failed and was tried again.
    static let sale = GoldenRun(name: "sale", graph: { try Sale.graph(refusals: 1) }) { _, storage in
        let graph = try Sale.graph(Outside(), refusals: 1)
        let executor = GraphExecutor(storage: storage)
        _ = try? await executor.run(graph, from: Sale(), id: RunID("sale"))
        try await Engine(storage: storage).retry(RunID("sale"))
        _ = try await executor.resume(graph, id: RunID("sale"))
        return RunID("sale")
    }

    /// A run that an engine put away while it waited.
    static let waiting = GoldenRun(name: "waiting", graph: { try Sale.waiting(expires: true) }) { graph, storage in
        let engine = Engine(storage: storage)
        engine.register(graph)
        return try await withThrowingTaskGroup { group in
            group.addTask { try await engine.run() }
            let run = try await engine.start(graph, from: Sale(), id: RunID("waiting"))
            while try await !engine.questions(of: run).contains(where: { $0.id == "ask?who" }) { await Task.yield() }
            try await engine.answer(run, "ask?who", with: "Ada")
            try await engine.signal(run, "paid", 7)
            _ = try await engine.outcome(of: run)
            group.cancelAll()
            return run
        }
    }

    /// All ways in which an activation or a body ends.
    static let ways = GoldenRun(name: "ways", graph: Sale.ways) { graph, storage in
        _ = try await GraphExecutor(storage: storage).run(graph, from: Sale(), id: RunID("ways"))
        return RunID("ways")
    }

    /// An effect that may happen once, was cut off, and was resolved.
    static let doubt = GoldenRun(name: "doubt", graph: { try Sale.doubt() }) { graph, storage in
        let (executor, engine, run) = (GraphExecutor(storage: storage), Engine(storage: storage), RunID("doubt"))
        let task = Task { try await executor.run(graph, from: Sale(), id: run) }
        while (try? await engine.effects(of: run))?.isEmpty ?? true { await Task.yield() }
        task.cancel()
        _ = await task.result
        _ = try? await executor.resume(graph, id: run)
        try await engine.resolve(run, effect: "send", of: "send", as: 5)
        _ = try await executor.resume(graph, id: run)
        return run
    }

    /// A run that was undone.
    static let undone = GoldenRun(name: "undone", graph: Sale.undoable) { graph, storage in
        let (executor, run) = (GraphExecutor(storage: storage), RunID("undone"))
        _ = try await executor.run(graph, from: Sale(), id: run)
        try await Engine(storage: storage).undo(run, graph)
        _ = try? await executor.resume(graph, id: run)
        return run
    }

    /// A run that was forked from another one, with an edited state.
    static let fork = GoldenRun(name: "fork", graph: { try Sale.graph() }) { graph, storage in
        let (executor, engine) = (GraphExecutor(storage: storage), Engine(storage: storage))
        _ = try await executor.run(graph, from: Sale(), id: RunID("sale"))
        let points = try await engine.history(of: RunID("sale"), graph).points
        let point = points.first { $0.activation == "open" && $0.event.isCompletion }?.number ?? 0
        let run = try await engine.fork(RunID("sale"), graph, at: point, id: RunID("fork")) { $0.items = ["paper"] }
        _ = try await executor.resume(graph, id: run)
        return run
    }

    /// A run that was written down as a whole on its way.
    static let snapshot = GoldenRun(name: "snapshot", graph: Sale.large) { graph, storage in
        _ = try await GraphExecutor(storage: storage).run(graph, from: Sale(), id: RunID("snapshot"))
        return RunID("snapshot")
    }

    /// A graph inside of a node that was tried again.
    static let inner = GoldenRun(name: "inner", graph: { try Sale.inner(Outside()) }) { _, storage in
        let graph = try Sale.inner(Outside(), failing: 1)
        _ = try await GraphExecutor(storage: storage).run(graph, from: Sale(), id: RunID("inner"))
        return RunID("inner")
    }

    /// A race that was decided by a moment, so that a question and a signal were no longer waited for.
    static let choice = GoldenRun(name: "choice", graph: Sale.choice) { graph, storage in
        _ = try await GraphExecutor(storage: storage).run(graph, from: Sale(), id: RunID("choice"))
        return RunID("choice")
    }
}
