import Apus

/// Gets one run on, for as long as that needs no person.
struct ReviewHost {
    let engine: Engine
    let run: RunID

    /// How the engine of the command works: it takes a run up when the process that had it has been silent for two seconds.
    static var options: EngineOptions {
        var options = EngineOptions()
        options.lease = .seconds(2)
        options.poll = .milliseconds(250)
        return options
    }

    /// Executes the run until it has ended or waits for an answer, and tells what happens; returns whether anything did.
    ///
    /// While another process has the run, it waits for that.
    func proceed(_ tell: (RunEvent) -> Void) async throws -> Bool {
        let events = engine.events(of: run)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await host() }
            var gotOn = false
            for try await event in events {
                switch event.kind {
                case .runStarted, .runContinued, .runSuspended, .runReleased: break
                default: gotOn = true
                }
                tell(event)
            }
            group.cancelAll()
            try await group.waitForAll()
            return gotOn
        }
    }

    /// Lets the engine work until the task is cancelled or the run has ended somewhere.
    private func host() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run() }
            group.addTask {
                do {
                    _ = try await engine.outcome(of: run)
                } catch  where Task.isCancelled {
                    // Nobody asks any more.
                }
            }
            try await group.next()
            group.cancelAll()
            try await group.waitForAll()
        }
    }
}
