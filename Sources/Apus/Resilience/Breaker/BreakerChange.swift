/// Whether a circuit lets calls through.
public enum BreakerState: String, Sendable, Hashable, Codable {
    case closed
    case open
    /// Some calls are let through, to see how they end.
    case halfOpen
    /// Held open by hand.
    case forcedOpen
    /// Held closed by hand: nothing counts.
    case forcedClosed
}

/// A circuit that went from one state to another.
public struct BreakerChange: Sendable, Hashable {
    public var name: String
    public var from: BreakerState
    public var to: BreakerState
    /// Counts the changes of one circuit, from 1.
    public var number: Int
    public var time: Instant
}
