/// What a run made of each node of its graph, to be drawn over the graph: a fold over the events of the run.
///
/// Nodes are named by their path through subgraphs. Rounds of loops and elements of composites are counted, not told
/// apart, so an overlay grows with the graph and with what runs at the moment, not with the length of the run.
public struct RunOverlay: Sendable, Equatable {
    /// How activations went that began.
    public struct Tally: Sendable, Equatable {
        public var count = 0
        /// The time of all attempts that ended, without the waits between them.
        public var total = Duration.zero
        /// The longest attempt that ended.
        public var longest = Duration.zero

        public init() {}
    }

    /// What became of a node, or of the run.
    public enum Status: String, Sendable, CaseIterable {
        case running, waiting, completed, failed, skipped, passedOver, cancelled, paused
    }

    /// What a run made of one node.
    public struct Record: Sendable, Equatable {
        /// The node's own activations.
        public var runs = Tally()
        /// The elements or branches of a composite.
        public var elements = Tally()
        /// Activations that failed for good; elements too.
        public var failures = 0
        /// Attempts that were followed by another one; elements too.
        public var retries = 0
        public var skipped = 0
        public var cancelled = 0
        public var passedOver = 0
        /// What the last event about the node itself says, or about its elements where there is none. A node that
        /// ran and was skipped later, in another round of its loop, keeps what it was when it ran.
        public var status = Status.running

        public init() {}
    }

    /// The name of the graph: that of the run unless one was given.
    public internal(set) var graph: String?
    /// What became of the run; `nil` before its first event.
    public internal(set) var status: Status?
    /// What became of each node, by its path through subgraphs.
    public internal(set) var nodes: [[String]: Record] = [:]
    /// Attempts that have begun; without an instant those that wait for the next one.
    var open: [ActivationID: Instant?] = [:]
    var hasOwnStatus: Set<[String]> = []

    public init(graph: String? = nil) { self.graph = graph }

    /// The record of the node at the path, such as `overlay["triage", "fetch"]`.
    public subscript(path: String...) -> Record? { nodes[path] }
}
