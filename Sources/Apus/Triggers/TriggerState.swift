/// All that is stored of a trigger. Its size is bounded by its policy, however long it is hosted.
package struct TriggerState: Sendable, Hashable, Codable {
    /// A firing that was taken and has not started its run yet. What it carries is stored apart.
    package struct Waiting: Sendable, Hashable, Codable {
        package var id: Firing.ID
        package var due: WallTime
        /// When its run may start.
        package var from: WallTime
        package var missed: Int?
        /// Whether something is stored that it carries.
        package var isLoaded: Bool?
        /// Whether it can't be told again, so that it is remembered by its id.
        package var isOnce: Bool?

        private enum CodingKeys: String, CodingKey {
            case id = "i", due = "d", from = "f", missed = "m", isLoaded = "l", isOnce = "o"
        }
    }

    /// A past range that is gone through.
    package struct Backfill: Sendable, Hashable, Codable {
        /// What is behind this, up to ``end``, is still to be done.
        package var position: WallTime
        package var end: WallTime
        package var atOnce: Int

        private enum CodingKeys: String, CodingKey {
            case position = "p", end = "e", atOnce = "n"
        }
    }

    /// Counts the decisions.
    package var version = 0
    /// What the schedule said that this is about; `nil` for a trigger without one.
    package var schedule: String?
    package var since: WallTime
    package var position: TriggerPosition?
    package var isPaused = false
    /// In the order in which they may start.
    package var waiting: [Waiting] = []
    /// The runs under way that others have to wait for.
    package var active: [RunID] = []
    /// The one of them that was asked to end.
    package var cancelled: RunID?
    package var backfills: [Backfill] = []
    /// The runs under way that fill back.
    package var filling: [RunID] = []
    package var started = 0
    package var losses: [String: Int] = [:]
    package var recent: [FiringRecord] = []

    package init(since: WallTime, schedule: String?) {
        self.since = since
        self.schedule = schedule
    }

    private enum CodingKeys: String, CodingKey {
        case version = "v", schedule = "s", since = "b", position = "p", isPaused = "z", waiting = "w", active = "a"
        case cancelled = "c", backfills = "f", filling = "g", started = "n", losses = "l", recent = "r"
    }

    /// How far a trigger with a schedule has come.
    package var time: WallTime {
        position.flatMap { Int64($0.rawValue) }.map { WallTime(milliseconds: $0) } ?? since
    }
}

/// What became of one firing, for a list.
public struct FiringRecord: Sendable, Hashable, Codable {
    public var id: Firing.ID
    public var due: WallTime
    /// When it was decided.
    public var decided: WallTime
    public var outcome: FiringOutcome

    /// How many of them are kept.
    package static let kept = 20

    private enum CodingKeys: String, CodingKey {
        case id = "i", due = "d", decided = "t", outcome = "o"
    }
}
