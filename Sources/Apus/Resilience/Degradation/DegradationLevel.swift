/// How much of itself a system has given up to go on.
public enum DegradationLevel: Int, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case normal
    /// The same with less effort: cheaper models, shorter contexts.
    case reduced
    /// What can be done without models is done so.
    case limited
    /// Nothing is changed any more: reading goes on.
    case critical
    /// Nothing is done; what comes in is kept as a draft.
    case maintenance

    /// Whether it begins only after somebody has confirmed it.
    public var isConfirmed: Bool { self >= .critical }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The one that stands `steps` lower, at least ``normal``.
    func lowered(by steps: Int) -> Self { Self(rawValue: max(0, rawValue - steps)) ?? .normal }
}

/// What happened to a level.
public enum DegradationEvent: Sendable, Hashable {
    case changed(from: DegradationLevel, to: DegradationLevel, reason: String)
    /// This level is asked for, and begins when somebody confirms it.
    case needsConfirmation(DegradationLevel, reason: String)
    /// Nobody asks for it any more, or somebody declined it.
    case withdrawn(DegradationLevel)
}
