public import Apus

extension Simulator {
    /// Simulates `body` once for each seed, and stops at the first one that throws with a ``SimulationFailure`` that
    /// names it.
    ///
    /// With `twice` each seed is simulated again and must take the same decisions; a body that reads anything besides
    /// its environment (the hash order of a set, a clock, a global) is found out by that.
    public static func explore(
        seeds: Range<UInt64>, twice: Bool = false, limit: Duration = .seconds(365 * 86_400),
        _ body: @escaping @Sendable (any Environment) async throws -> Void
    ) throws {
        for seed in seeds {
            let simulator = Simulator(seed: seed)
            do {
                try simulator.run(limit: limit, body)
                guard twice else { continue }
                let again = Simulator(seed: seed)
                try again.run(limit: limit, body)
                if again.trace != simulator.trace { throw SimulationMismatch() }
            } catch {
                throw SimulationFailure(seed: seed, underlying: error)
            }
        }
    }
}

/// The first seed of an exploration that failed, and how.
public struct SimulationFailure: Error, CustomStringConvertible {
    public var seed: UInt64
    public var underlying: any Error

    public init(seed: UInt64, underlying: any Error) {
        self.seed = seed
        self.underlying = underlying
    }

    public var description: String {
        "Seed \(seed) fails; Simulator(seed: \(seed)).run { … } shows it again. \(underlying)"
    }
}

/// One seed took different decisions when it was simulated again.
public struct SimulationMismatch: Error, Equatable, CustomStringConvertible {
    public init() {}

    public var description: String {
        "The same seed took other decisions the second time: the body depends on something besides its environment, "
            + "such as the order of a set, a clock, a global variable or another thread."
    }
}
