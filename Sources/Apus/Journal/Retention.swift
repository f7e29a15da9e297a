/// How much is kept of what runs have written down.
public struct Retention: Sendable, Hashable {
    /// How far back the history of a run reaches.
    public enum History: String, Sendable, Hashable, Codable {
        /// To its beginning.
        case whole
        /// To its newest snapshot; what is older is dropped in the commit that stores the snapshot. A run that goes round for months then
        /// takes as much storage as its state does, and can be neither inspected nor forked further back.
        case sinceSnapshot
    }

    public var history = History.whole
    /// How long a run is kept after it has ended; `nil` for ever. Then all of it is removed, and its id is free.
    public var ended: Duration?
    /// By how many bytes a journal grows at the least before it is worth a snapshot; with 0 it is whenever one can be made.
    package var growth = SnapshotBudget.least

    public init(history: History = .whole, ended: Duration? = nil) {
        self.history = history
        self.ended = ended
    }

    /// Nothing is removed.
    public static let everything = Retention()
}
