/// Lets runs that were taken up in vain begin one at a time, so that one that ends its process does not take others with it each time.
final class SuspectGate: Sendable {
    /// How often a run was taken up without getting on before it is a suspect.
    static let tries = 2

    private let gate = TurnstileGate(capacity: 1)

    /// The place of one suspect, which is given back once.
    private final class Place: Sendable {
        private let gate: Guarded<TurnstileGate?>

        init(_ gate: TurnstileGate) { self.gate = Guarded(gate) }

        func leave() {
            let gate = gate.withLock { gate in
                defer { gate = nil }
                return gate
            }
            gate?.leave()
        }
    }

    /// Executes a suspect. The next one may begin when it has got on or has ended, at the latest after `patience`.
    func perform(
        _ journal: RunJournal, patience: Duration, _ environment: any Environment, _ body: () async throws -> Void
    ) async throws {
        try await gate.enter()
        let place = Place(gate)
        journal.whenItGetsOn { place.leave() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await environment.sleep(for: patience)
                place.leave()
            }
            defer { group.cancelAll() }
            try await body()
        }
    }
}
