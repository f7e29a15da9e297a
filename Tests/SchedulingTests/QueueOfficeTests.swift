@testable import Apus
import ApusTesting
import AsideKit
import Testing

@Suite(.aside) struct QueueOfficeTests {
    /// Whether an engine that thinks it leads a queue starts work while the office is another's.
    private func startsOutOfOffice() throws -> Bool {
        try serving(WorkQueue("desk")) { engine, graph in
            let first = try await engine.enqueue(graph, from: Errand(name: "first"), in: "desk")
            try await engine.settled([first])
            try await engine.storage.put(Array("another".utf8), at: QueueKeys("desk").lead)
            let client = Engine(storage: engine.storage, environment: engine.environment)
            let second = try await client.enqueue(graph, from: Errand(name: "second"), in: "desk")
            try await engine.environment.sleep(for: .seconds(60))
            return try await engine.status(of: second) != nil
        }
    }

    @Test func `an engine that has lost its office starts nothing`() throws {
        #expect(try !startsOutOfOffice())
        #if DEBUG
            #expect(try PlantedBug.$current.withValue(.officeNotRequired) { try startsOutOfOffice() })
        #endif
    }

    @Test func `the place of a run that was taken away is free again`() throws {
        let diary = Diary()
        try Simulator(seed: 1).run { environment in
            let storage = MemoryStorage(environment: environment)
            let key = QueueKeys("desk").active(RunID("gone"))
            let gone = QueuedWork(RunID("gone"), graph: "errands", enqueued: environment.now().wallTime)
            try await storage.put(try StoredWork(gone, state: Array("null".utf8)).sealed(at: key), at: key)
            let engine = Engine(storage: storage, environment: environment)
            let graph = try errands(diary)
            engine.register(graph)
            engine.host(WorkQueue("desk", limits: QueueLimits(concurrency: 1)))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask(executorPreference: environment.executor) { try await engine.run() }
                let next = try await engine.enqueue(graph, from: Errand(name: "next"), in: "desk")
                try await engine.settled([next])
                #expect(try await storage.value(at: key) == nil)
                group.cancelAll()
            }
        }
        #expect(diary.texts == ["begin next", "end next"])
    }
}
