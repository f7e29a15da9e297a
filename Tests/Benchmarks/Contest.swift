/// Times two pieces of work in turns, so that noise of the machine hits both, and keeps the best of each.
struct Contest {
    let rounds: Int
    private let clock = ContinuousClock()

    init(rounds: Int) { self.rounds = rounds }

    /// The shortest time of each, in microseconds.
    func time(
        _ first: () async throws -> Void, against second: () async throws -> Void
    ) async throws -> (first: Double, second: Double) {
        var best = (first: Duration.seconds(1_000), second: Duration.seconds(1_000))
        for round in 0...rounds {
            let one = try await clock.measure(first)
            let other = try await clock.measure(second)
            guard round > 0 else { continue }
            best = (min(best.first, one), min(best.second, other))
        }
        return (best.first / .microseconds(1), best.second / .microseconds(1))
    }
}
