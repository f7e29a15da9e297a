/// What is known of a run without reading its journal.
public struct RunHead: Sendable, Hashable, Codable, Identifiable {
    /// How far a run is.
    public enum Status: String, Sendable, Hashable, Codable, CaseIterable {
        /// It waits for a worker.
        case ready
        /// A worker executes it.
        case running
        /// It waits for an answer, a signal or a moment, and takes no memory.
        case waiting
        /// Whether an effect happened is not known; somebody has to say.
        case inDoubt
        case completed
        case failed
        case cancelled
        /// It ended the process too often, or its journal is damaged; ``RunHead/reason`` says which.
        case dead

        /// Whether nothing happens any more without somebody asking for it.
        public var isTerminal: Bool {
            switch self {
            case .completed, .failed, .cancelled, .dead: true
            case .ready, .running, .waiting, .inDoubt: false
            }
        }
    }

    public var id: RunID
    public var graph: String
    /// The fingerprint of the graph that wrote the journal.
    public var fingerprint: String
    public var status: Status
    public var created: WallTime
    public var updated: WallTime
    /// Who executes it.
    public var worker: String?
    /// How often it was taken up since it last got on.
    public var attempts = 0
    /// Why it has this status.
    public var reason: String?

    private enum CodingKeys: String, CodingKey {
        case id = "r", graph = "g", fingerprint = "f", status = "s", created = "c", updated = "u", worker = "w"
        case attempts = "n", reason = "e"
    }
}
