/// Why a simulated run could not go on.
public struct SimulationError: Error, Equatable, CustomStringConvertible {
    public enum Code: Sendable, Hashable {
        /// Nothing is ready, no timer is set, and the body has not returned. Work that left the simulator shows as
        /// this, too, if it is not back within half a real second.
        case stuck
        /// Something that belongs to the simulation ran on another thread, so that the seed does not determine it.
        case escaped
        /// Virtual time would pass the limit.
        case outOfTime
        /// More decisions were taken than allowed: something spins without letting time pass.
        case outOfDecisions
    }

    public var code: Code
    /// The seed that shows it again.
    public var seed: UInt64
    /// Virtual time since the simulator began.
    public var elapsed: Duration
    /// How many decisions the simulator had taken.
    public var decisions: Int
    /// What was seen, where there is more to say than the code.
    public var detail: String

    public init(_ code: Code, seed: UInt64, elapsed: Duration, decisions: Int, detail: String = "") {
        self.code = code
        self.seed = seed
        self.elapsed = elapsed
        self.decisions = decisions
        self.detail = detail
    }

    public var description: String {
        let place = "seed \(seed), \(elapsed) of virtual time, \(decisions) decisions"
        return "The simulation \(reason) (\(place)). \(advice)" + (detail.isEmpty ? "" : " Seen: \(detail).")
    }

    private var reason: String {
        switch code {
        case .stuck: "is stuck: nothing is ready and no timer is set"
        case .escaped: "was left: some of its work ran on another thread"
        case .outOfTime: "would pass its limit of virtual time"
        case .outOfDecisions: "took too many decisions"
        }
    }

    private var advice: String {
        switch code {
        case .stuck:
            "Either a continuation is never resumed, two waits need each other, or work left the simulator: \(Self.ways)."
        case .escaped: "Likely causes: \(Self.ways)."
        case .outOfTime: "Something waits for ever with a timer, or the limit is too low."
        case .outOfDecisions: "A loop yields without waiting for time or news, or the limit is too low."
        }
    }

    private static let ways = """
        a bare Task { } or Task.detached (use environment.spawn), Task.sleep (use environment.sleep), \
        addImmediateTask without executorPreference, the main actor or an actor with an executor of its own, \
        or input and output on other threads
        """
}
