/// Everything that happened in a run, as its journal says it; each point knows the state as of then.
///
/// It is a picture of what was stored when it was taken: the run goes on undisturbed.
public struct RunHistory<State: GraphState>: Sendable {
    public let run: RunID
    /// What is known of the run without its journal; `nil` if that is damaged, too.
    public let head: RunHead?
    public let points: [HistoryPoint<State>]
    /// The effects that the run tried on the outside, in the order in which they were first tried.
    public let effects: [LedgerEntry]
    /// Why the journal can't be read beyond the last point; `nil` if it is whole.
    public let damage: JournalError?

    /// The history of a journal. It costs one replay, however long it is.
    init(
        _ run: RunID, _ graph: Graph<State>, head: RunHead?, _ excerpt: JournalExcerpt, _ environment: any Environment
    ) {
        self.run = run
        self.head = head
        damage = excerpt.damage
        effects = EffectFold(excerpt, of: run).entries
        let source = HistorySource(run: run, graph: graph, environment: environment, excerpt: excerpt)
        var causes = HistoryCauses(run, graph, environment)
        points = excerpt.entries.map { entry in
            let cause = causes.cause(of: entry)
            return HistoryPoint(entry, cause: cause, source)
        }
    }

    /// The history of the run in a capsule, which needs no storage.
    public init(_ capsule: RunCapsule, _ graph: Graph<State>) throws {
        self.init(capsule.run, graph, head: nil, try capsule.excerpt(), .live)
    }

    /// The last point that can be read.
    public var last: HistoryPoint<State>? { points.last }

    /// The points at which something happened in an activation, or inside of it.
    public func points(of activation: String) -> [HistoryPoint<State>] {
        points.filter { $0.activation.map { $0.isInside(activation) } ?? false }
    }
}

/// One point of the history of a run: what happened, and how the run stood when it had.
public struct HistoryPoint<State: GraphState>: Sendable, Identifiable {
    /// Counts the points of a run from 0.
    public let number: Int
    /// When it was stored; what was stored together has one time.
    public let time: WallTime
    public let event: HistoryEvent
    /// The activation in which it happened.
    public let activation: String?
    /// The point that led to this one: for an activation and what happens in it the one that made it ready, for a result its
    /// intent, for an answer its question, for a second try the decision to try again.
    public let cause: Int?
    /// The change, the result, the answer or what else was written down with it, as JSON.
    public let value: String?
    private let source: HistorySource<State>

    public var id: Int { number }

    init(_ entry: JournalExcerpt.Entry, cause: Int?, _ source: HistorySource<State>) {
        number = entry.number
        time = entry.time
        event = HistoryEvent(entry.record) { activation, cases in source.targets(of: activation, cases) }
        activation = entry.record.activation
        self.cause = cause
        value = entry.record.json
        self.source = source
    }

    /// The state with all changes that were committed up to this point, in graph order. It costs a replay up to here.
    ///
    /// Throws ``JournalError`` if the journal does not go with the graph.
    public var state: State { get throws { try source.replay(to: number).state() } }

    /// The activations of the graph that had begun or were ready, and had not ended, in the order in which they became ready.
    public var open: [String] { get throws { try source.replay(to: number).open.names } }

    /// Whether a run that is forked here may begin with another state: everything open sees the same one, nothing of an open
    /// composite is done, and no effect is under way.
    public var isEditable: Bool { get throws { try source.isEditable(at: number) } }
}

extension HistoryPoint: CustomStringConvertible {
    public var description: String {
        let place = activation.map { "\($0) " } ?? ""
        return "\(number) \(place)\(event)" + (cause.map { ", by \($0)" } ?? "")
    }
}

/// What the points of a history have in common.
///
/// Invariant: constants.
final class HistorySource<State: GraphState>: Sendable {
    let run: RunID
    let graph: Graph<State>
    let environment: any Environment
    private let excerpt: JournalExcerpt

    init(run: RunID, graph: Graph<State>, environment: any Environment, excerpt: JournalExcerpt) {
        self.run = run
        self.graph = graph
        self.environment = environment
        self.excerpt = excerpt
    }

    func replay(to number: Int) throws -> JournalReplay<State> {
        try JournalReplay(run, graph, environment, following: excerpt.entries(upTo: number).map(\.record))
    }

    func isEditable(at number: Int) throws -> Bool {
        try RunFork(run: run, graph: graph, environment: environment, excerpt: excerpt).isEditable(at: number)
    }

    /// The nodes that cases of the exit of an activation lead to.
    func targets(of activation: String, _ cases: [Int]) -> [String] {
        guard RunPast.path(around: activation).isEmpty, let node = node(of: activation) else { return [] }
        let all = graph.plan.exits[node].allCases
        let targets = cases.filter(all.indices.contains).flatMap { all[$0].targets }.filter { $0 >= 0 }
        return targets.map { graph.plan.names[$0] }
    }

    private func node(of activation: String) -> Int? {
        let name = activation.prefix { $0 != "#" && $0 != "[" }
        return graph.plan.names.firstIndex { ActivationID.escaped($0) == name }
    }
}
