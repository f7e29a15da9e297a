/// Lets runs that were taken up in vain begin one at a time, so that one that ends its process does not take others with it each time.
final class SuspectGate: Sendable {
    /// How often a run was taken up without getting on before it is a suspect.
    static let tries = 2

    private let gate = TurnstileGate(capacity: 1)

    /// Executes a suspect. The next one may begin when it has got on or has ended, at the latest after `patience`.
    func perform(
        _ journal: RunJournal, patience: Duration, _ environment: any Environment, _ body: () async throws -> Void
    ) async throws {
        try await gate.enter()
        let place = OneShot { [gate] in gate.leave() }
        journal.progress.arm { place.fire() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await environment.sleep(for: patience)
                place.fire()
            }
            defer { group.cancelAll() }
            try await body()
        }
    }
}
