/// How an ``SQLiteStorage`` treats its file and its threads.
public struct SQLiteOptions: Sendable {
    /// What a commit waits for.
    public enum Synchronous: String, Sendable, Hashable {
        /// For nothing: a commit survives the death of the process, and the last ones may be lost when the machine loses power.
        case normal = "NORMAL"
        /// Until the log is on the disk, so that a commit survives the loss of power.
        case full = "FULL"
        /// As `full`, with the folder synchronised too where SQLite has reason to.
        case extra = "EXTRA"
    }

    public var synchronous = Synchronous.full
    /// How long a commit waits for other processes that write, before it fails as unavailable.
    public var busyTimeout = Duration.seconds(5)
    /// Connections that read, each with a thread of its own.
    public var readers = 2
    /// The most commits that share a transaction.
    public var groupLimit = 1_024
    /// Pages in the log from which on it is copied back into the database file.
    public var checkpointPages = 1_000
    /// How often to look whether another process has written, while somebody watches for changes; `nil` for never.
    public var watchInterval: Duration? = .milliseconds(250)
    /// How often entries that have expired are taken away, as part of commits.
    public var reclaimInterval = Duration.seconds(30)
    /// The largest value that a commit takes, in bytes.
    public var maximumValueLength = 256 << 20
    /// The page cache of each connection, in units of 1,024 bytes.
    public var cacheKilobytes = 4_096
    /// The name of a file system layer registered with SQLite; `nil` for its own.
    public var vfs: String?

    public init() {}
}
