/// When what happened in a run is certain to survive.
///
/// Whatever the level, no effect begins before its intent is stored, and a run that waits is stored as a whole.
public enum Durability: String, Sendable, Hashable, Codable, CaseIterable {
    /// A successor starts when what it follows is stored.
    case everyStep
    /// Successors need not wait; what is stored is always a beginning of what happened.
    case pipelined
    /// Only when the run waits or ends, and before effects.
    case onSuspend
}
