import Apus
import ApusTesting

/// What a piece of work in these tests does: it takes a time, and fails as often as it is told.
struct Errand: GraphState {
    var name = ""
    var seconds = 1.0
    var failures = 0
    var isDone = false
    var elements: [String] = []
}

/// What happened, in order, with when.
final class Diary: Sendable {
    struct Entry: Sendable, Equatable {
        var text: String
        var moment: Duration
    }

    private let list = Guarded<[Entry]>([])

    var entries: [Entry] { list.withLock { $0 } }
    var texts: [String] { entries.map(\.text) }

    func note(_ text: String, _ environment: any Environment) {
        list.withLock { $0.append(Entry(text: text, moment: environment.now().uptime)) }
    }

    /// How many errands were under way at once, at most.
    var mostAtOnce: Int {
        var (running, most) = (0, 0)
        for text in texts {
            if text.hasPrefix("begin") { running += 1 } else if text.hasPrefix("end") { running -= 1 }
            most = max(most, running)
        }
        return most
    }

    func moment(of text: String) -> Duration? { entries.first { $0.text == text }?.moment }
}

struct Mishap: Error {}

func errands(_ diary: Diary) throws -> Graph<Errand> {
    try Graph<Errand>("errands") { g in
        g.start(
            at: g.node("do") { state, context in
                diary.note("begin \(state.name)", context.environment)
                try await context.environment.sleep(for: .seconds(state.seconds))
                let tries = diary.texts.count { $0 == "begin \(state.name)" }
                if tries <= state.failures { throw Mishap() }
                diary.note("end \(state.name)", context.environment)
                state.isDone = true
            })
    }
}

/// An engine that runs while `body` does, in virtual time.
func serving<Value: Sendable>(
    _ queue: WorkQueue, seed: UInt64 = 1, options: EngineOptions = EngineOptions(), diary: Diary = Diary(),
    _ body: @escaping @Sendable (Engine, Graph<Errand>) async throws -> Value
) throws -> Value {
    try Simulator(seed: seed).run { environment in
        let engine = Engine(
            storage: MemoryStorage(environment: environment), environment: environment, options: options)
        let graph = try errands(diary)
        engine.register(graph)
        engine.host(queue)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: environment.executor) { try await engine.run() }
            defer { group.cancelAll() }
            return try await body(engine, graph)
        }
    }
}

extension Engine {
    /// Returns when all of these runs have been started and have ended.
    func settled(_ runs: [RunID]) async throws {
        for run in runs {
            while try await status(of: run)?.status.isTerminal != true { try await environment.sleep(for: .seconds(1)) }
        }
    }
}
