import Apus
import ApusTesting
import Testing

@Suite struct TriggerHostingTests {
    private struct Note: GraphState { var text = "" }

    private static func graph() throws -> Graph<Note> {
        try Graph<Note>("note") { g in
            let write = g.node("write") { note, _ in note.text += "!" }
            g.start(at: write)
        }
    }

    /// Simulates an engine that hosts what `prepare` adds, while `body` goes on.
    private func host(
        _ prepare: @escaping @Sendable (Engine, any Environment) throws -> Void,
        _ body: @escaping @Sendable (Engine, any Environment) async throws -> Void
    ) throws {
        try Simulator(seed: 7).run { environment in
            let engine = Engine(storage: MemoryStorage(environment: environment), environment: environment)
            try prepare(engine, environment)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await engine.run() }
                try await environment.sleep(for: .milliseconds(100))
                try await body(engine, environment)
                group.cancelAll()
            }
        }
    }

    @Test func `a schedule starts a run at each of its moments and is listed`() throws {
        try host { engine, _ in
            engine.add(.every("tick", .seconds(10)), starting: try Self.graph()) { Note(text: $0.id) }
        } _: { engine, environment in
            try await environment.sleep(for: .seconds(35))
            let status = try #require(try await engine.triggers(next: 3).first)
            let first = status.since.milliseconds / 10_000 * 10_000 + 10_000
            let moments = (0..<6).map { WallTime(milliseconds: first + $0 * 10_000) }
            #expect(status.started == 3)
            #expect(status.recent.map(\.due) == Array(moments[..<3]))
            #expect(status.next == Array(moments[3...]))
            for moment in moments[..<3] {
                let state = try await engine.value(of: RunID("tick@\(moment.milliseconds)"), try Self.graph())
                #expect(state.text == "\(moment.milliseconds)!")
            }
        }
    }

    @Test func `a program fires by hand, and the same id starts one run`() throws {
        let manual = ManualTrigger("hand")
        try host { engine, _ in
            engine.add(manual, starting: try Self.graph()) { Note(text: $0.payload.description) }
        } _: { engine, environment in
            let now = environment.now().wallTime
            let run = RunID("hand@a")
            #expect(try await manual.fire(["x": 1], id: "a", at: now) == .started(run))
            #expect(try await manual.fire(["x": 2], id: "a", at: now) == .repeated(run))
            #expect(try await engine.value(of: run, try Self.graph()).text == #"{"x":1}!"#)
            try await engine.pause(trigger: "hand")
            #expect(try await manual.fire(id: "b", at: now) == .dropped(FiringLoss(.paused)))
            #expect(try await engine.triggers().first?.losses == [.paused: 1])
        }
    }

    #if DEBUG
        @Test func `a firing that is not remembered is noticed`() throws {
            let manual = ManualTrigger("hand")
            try PlantedBug.$current.withValue(.firingNotRemembered) {
                try host { engine, _ in
                    engine.add(manual, starting: try Self.graph()) { Note(text: $0.id) }
                } _: { _, environment in
                    let now = environment.now().wallTime
                    let first = try await manual.fire(id: "a", at: now)
                    let second = try await manual.fire(id: "a", at: now)
                    #expect(first == .started(RunID("hand@a")) && second != .repeated(RunID("hand@a")))
                }
            }
        }
    #endif

    @Test func `a trigger that nobody hosts says so`() async {
        await #expect(throws: TriggerError(.notHosted, trigger: "lonely")) {
            try await ManualTrigger("lonely").fire(id: "a", at: WallTime(milliseconds: 0))
        }
    }

    @Test func `a range of the past is filled back once`() throws {
        try host { engine, _ in
            engine.add(.every("tick", .seconds(10)), starting: try Self.graph()) { Note(text: $0.id) }
        } _: { engine, environment in
            let now = environment.now().wallTime
            await #expect(throws: TriggerError(.notPast, trigger: "tick")) {
                try await engine.backfill(trigger: "tick", now..<now.advanced(by: .seconds(60)))
            }
            await #expect(throws: TriggerError(.unknown, trigger: "tock")) {
                try await engine.backfill(trigger: "tock", now.advanced(by: .seconds(-60))..<now)
            }
            for _ in 0..<2 {
                try await engine.backfill(trigger: "tick", now.advanced(by: .seconds(-60))..<now)
                try await environment.sleep(for: .seconds(4))
            }
            let status = try #require(try await engine.triggers().first)
            #expect(status.losses == [.repeated: 6])
            #expect(status.started == 6)
        }
    }

    @Test func `changes of files are told once they have settled`() throws {
        let files = Guarded<[String: FileMark]>(["a": FileMark(size: 1, written: WallTime(milliseconds: 1))])
        try host { engine, _ in
            let trigger = FileTrigger("files", FileLook { files.withLock { $0 } })
            engine.add(trigger, starting: try Self.graph()) { firing in
                let change: FileChange = try firing.payload.decode()
                return Note(text: "\(change.path) \(change.kind)")
            }
        } _: { engine, environment in
            try await environment.sleep(for: .seconds(3))
            files.withLock { $0["b"] = FileMark(size: 1, written: WallTime(milliseconds: 2)) }
            try await environment.sleep(for: .seconds(4))
            files.withLock { $0["a"] = nil }
            files.withLock { $0["b"]?.size = 2 }
            try await environment.sleep(for: .seconds(5))
            #expect(try await engine.triggers().first?.started == 3)
            for (id, text) in [("1", "b created!"), ("2", "a removed!"), ("3", "b changed!")] {
                #expect(try await engine.value(of: RunID("files@\(id)"), try Self.graph()).text == text)
            }
        }
    }
}
