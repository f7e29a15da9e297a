/// What becomes of a run whose journal another version of its graph wrote.
public struct VersionPolicy<State: GraphState>: Sendable {
    /// What follows where no migration fits.
    enum Way: Sendable {
        case refuse
        case accept
    }

    /// How runs of one older graph go on.
    struct Step: Sendable {
        /// Of the older graph.
        let fingerprint: String
        let migrate: @Sendable (RunID, JournalExcerpt, any Environment) throws -> Migration<State>
    }

    let way: Way
    /// Where members come from that a stored state lacks.
    var defaults: State?
    var steps: [Step] = []

    /// It is not executed, and the error says how the graphs differ.
    public static var refuse: VersionPolicy { VersionPolicy(way: .refuse, defaults: nil) }

    /// It is executed on the new graph, if every activation that has ended stands there, too, and could have ended in that order.
    /// Members that the stored state lacks come from `defaults`; those that the type no longer has are dropped.
    public static func accept(filling defaults: State? = nil) -> VersionPolicy {
        VersionPolicy(way: .accept, defaults: defaults)
    }

    /// A run of the graph `old` begins anew on the new one, as the same run, with what `body` makes of how far it had come.
    ///
    /// What its activations had done is history from then on: it can be looked at and undone, but nothing of it is repeated or known to
    /// the new graph, except for effects inside of activations that had not ended: one of the same name in an activation of the
    /// same name returns what it came to. Open questions are withdrawn. What `body` throws leaves the run as it is. Runs of other
    /// graphs are refused; join several migrations by ``or(_:)``.
    public static func migrate<Old: GraphState>(
        from old: Graph<Old>, _ body: @escaping @Sendable (OutdatedRun<Old>) throws -> Migration<State>
    ) -> VersionPolicy {
        let step = Step(fingerprint: old.fingerprint) { run, excerpt, environment in
            let replay = try JournalReplay(run, old, environment, following: excerpt.entries.map(\.record))
            return try body(OutdatedRun(id: run, state: try replay.state(), open: replay.open.names))
        }
        return VersionPolicy(way: .refuse, defaults: nil, steps: [step])
    }

    /// The migrations of both, and what the other one says where none fits.
    public func or(_ other: VersionPolicy) -> VersionPolicy {
        VersionPolicy(way: other.way, defaults: other.defaults, steps: steps + other.steps)
    }
}

/// A run of an older version of its graph, as far as it had come.
public struct OutdatedRun<State: GraphState>: Sendable {
    public let id: RunID
    /// With everything that was committed, in graph order.
    public let state: State
    /// The activations that had begun or were ready, and had not ended.
    public let open: [String]
}

/// How a run goes on in a newer version of its graph.
public struct Migration<State: GraphState>: Sendable {
    public var state: State
    /// Where it begins; `nil` for the start of the graph.
    public var entry: String?

    public init(_ state: State, entry: String? = nil) {
        self.state = state
        self.entry = entry
    }
}
