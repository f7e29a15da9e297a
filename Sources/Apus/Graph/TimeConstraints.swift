/// What orders nodes in time without passing state between them, and what cancels them.
struct TimeConstraints: Sendable {
    /// `node` starts only after the end of `after` and before the start of `before`.
    struct Milestone: Sendable {
        var node: Int
        var after: Int
        var before: Int
    }

    /// When `trigger` has completed, the members are cancelled.
    struct Region: Sendable {
        var trigger: Int
        var members: [Int]
        var outcome: CancelOutcome
    }

    var milestones: [Milestone] = []
    var regions: [Region] = []
}

/// What the exits of a node cancelled by a region do.
public enum CancelOutcome: Sendable {
    /// They are skipped.
    case cancelled
    /// They are taken as after success; a forEach collects the results it has.
    case completed
}
