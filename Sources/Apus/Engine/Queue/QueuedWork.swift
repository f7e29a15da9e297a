/// A run that waits in a queue for its start.
public struct QueuedWork: Sendable, Hashable, Identifiable {
    /// The id that the run has once it is started.
    public let id: RunID
    public var graph: String
    public var entry: String?
    /// Whose work it is: a tenant, a user. Keys take turns.
    public var key: String
    public var priority: Int
    public var enqueued: WallTime
    /// It is not started before.
    public var notBefore: WallTime?
    /// It is not started after.
    public var expires: WallTime?
    /// Which of its kind may wait or run only once.
    public var singleton: String?
    /// Where it stands among the work of its key, as the strategy says; the least is next.
    var place = 0.0
    /// How much of its key's share it takes.
    var cost = 1.0
    /// When it was taken into the line, among all others.
    var number = 0

    init(
        _ id: RunID, graph: String, entry: String? = nil, key: String = "", priority: Int = 0, enqueued: WallTime,
        notBefore: WallTime? = nil, expires: WallTime? = nil, singleton: String? = nil
    ) {
        self.id = id
        self.graph = graph
        self.entry = entry
        self.key = key
        self.priority = priority
        self.enqueued = enqueued
        self.notBefore = notBefore
        self.expires = expires
        self.singleton = singleton
    }
}
