/// What an ``SQLiteStorage`` has done since it was opened.
public struct SQLiteStatistics: Sendable, Hashable {
    /// Commits that were applied.
    public internal(set) var commits = 0
    /// Commits that were refused: a precondition did not hold, or what they looked at is damaged.
    public internal(set) var refusals = 0
    /// Transactions; commits that came together share one.
    public internal(set) var transactions = 0
    /// The most commits that shared one.
    public internal(set) var largestGroup = 0
    /// How often the log was copied back into the database file.
    public internal(set) var checkpoints = 0
    /// Pages in the log, as of the last commit.
    public internal(set) var logPages = 0
    /// How often the connection that writes was opened again after a failure.
    public internal(set) var reopenings = 0
    /// How often a commit found another process writing and waited.
    public internal(set) var waits = 0

    public init() {}
}
