/// When everything in a run happened: which activations ran when, how long their attempts took and what they waited for.
///
/// Times are measured on the monotonic clock from the first event on; should it run backwards, as it may where another
/// process resumed the run, it is taken to stand still. A timeline holds no more than a given number of bars: in a
/// larger run the elements of one composite become one bar, after them the rounds of one node, the largest crowds
/// first; nodes that still find no room are counted in ``hiddenNodes``.
public struct RunTimeline: Sendable, Equatable {
    /// An attempt, or a crowd of them.
    public struct Bar: Sendable, Equatable {
        /// The activation; of a crowd the part that all have in common.
        public var activation: ActivationID
        /// Counts the attempts of an activation from 1.
        public var attempt = 1
        /// Since the beginning of the run.
        public var start: Duration
        /// The end of the run for what had not ended.
        public var end: Duration
        /// `waiting` for an attempt after which another one followed, or was to. A crowd is `running` while one of it
        /// is, and `completed` where its outcomes differ.
        public var outcome = RunOverlay.Status.running
        public var error: String?
        /// The number of attempts it stands for.
        public var count = 1
        /// How many of them failed for good.
        public var failures = 0

        public var length: Duration { end - start }
    }

    /// The attempts of one activation, one after the other; between them it waited.
    public struct Span: Sendable, Equatable {
        public var bars: [Bar]

        public var start: Duration { bars.first?.start ?? .zero }
        public var end: Duration { bars.last?.end ?? .zero }
    }

    /// What ran of one node.
    public struct Group: Sendable, Equatable {
        /// The names on the way to the node.
        public var path: [String]
        /// The number of groups on the way to the node, for indenting it.
        public var depth = 0
        /// Spans that do not overlap share a lane.
        public var lanes: [[Span]]
    }

    public internal(set) var graph = ""
    public internal(set) var status: RunOverlay.Status?
    /// From the first event to the last.
    public internal(set) var length = Duration.zero
    /// By first start; nodes of a graph within a node follow that node.
    public internal(set) var groups: [Group] = []
    /// While the run was paused.
    public internal(set) var pauses: [Range<Duration>] = []
    /// How many nodes found no room.
    public internal(set) var hiddenNodes = 0

    /// The number of bars a timeline holds unless told otherwise.
    public static let defaultLimit = 400

    /// Folds the events of one run, in the order of their sequence numbers.
    ///
    /// - Parameter limit: the largest number of bars, at least one.
    public init(events: some Sequence<RunEvent>, limit: Int = RunTimeline.defaultLimit) {
        var fold = TimelineFold()
        for event in events { fold.record(event) }
        fold.finish()
        graph = fold.graph
        status = fold.status
        length = fold.now
        pauses = fold.pauses
        var crowd = TimelineCrowd(fold.spans)
        crowd.shrink(to: max(1, limit))
        groups = TimelineLanes.groups(of: crowd.spans)
        hiddenNodes = crowd.hiddenNodes
    }
}
