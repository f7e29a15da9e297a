/// Watches runs: logs, metrics, traces, costs and statistics are folds over ``RunEvent``s.
///
/// An observer is given to a ``GraphExecutor`` or an `Engine` and is there before a run begins, so that it misses none of its
/// events. Where there is none, events cost nothing.
public protocol Observer: Sendable {
    /// Who watches the run from now on; `nil` if nobody needs to. Called each time a worker begins the run or takes it up.
    func watcher(of run: RunFacts) -> (any RunWatcher)?
}

/// Takes the events of one run in.
public protocol RunWatcher: Sendable {
    /// Called for each event, one after the other in the order of their numbers, by whoever causes it.
    ///
    /// The run waits meanwhile: keep what takes long for later. It must not use the run, nor what waits for it.
    mutating func observe(_ event: RunEvent)
}

/// Decides which traces are recorded; the first such observer does so for all.
public protocol TraceSampling: Observer {
    var sampler: TraceSampler { get }
}

/// What is known of a run when it begins or is taken up.
public struct RunFacts: Sendable, Hashable {
    public var run: RunID
    public var graph: String
    /// Which engine executes it.
    public var worker: String?
    public var trace: RunTrace
    /// Whether it was begun before and is taken up.
    public var isContinued: Bool

    public init(run: RunID, graph: String, worker: String? = nil, trace: RunTrace, isContinued: Bool = false) {
        self.run = run
        self.graph = graph
        self.worker = worker
        self.trace = trace
        self.isContinued = isContinued
    }
}

/// The observers of an executor.
struct Observers: Sendable {
    let all: [any Observer]
    private let sampler: TraceSampler?

    init(_ all: [any Observer]) {
        self.all = all
        sampler = all.lazy.compactMap { ($0 as? any TraceSampling)?.sampler }.first
    }

    var isEmpty: Bool { all.isEmpty }

    /// Who watches a run, and where it stands in its trace.
    struct Opening: Sendable {
        var trace: RunTrace?
        var watchers: [any RunWatcher]
    }

    func watchers(of run: RunFacts) -> [any RunWatcher] { all.compactMap { $0.watcher(of: run) } }

    /// Asks who watches a run that begins here and now.
    func opening(_ run: RunID, _ graph: String, below parent: TraceContext?, _ environment: any Environment) -> Opening
    {
        guard let trace = begin(below: parent, environment) else { return Opening(trace: nil, watchers: []) }
        return Opening(trace: trace, watchers: watchers(of: RunFacts(run: run, graph: graph, trace: trace)))
    }

    /// The first stretch of a run, below what started it.
    func begin(below parent: TraceContext?, _ environment: any Environment) -> RunTrace? {
        guard !isEmpty else { return parent.map(Self.passed) }
        let trace = parent?.trace ?? TraceID(from: environment)
        let isSampled = sampler?.samples(trace, parent: parent) ?? parent?.isSampled ?? false
        let context = TraceContext(
            trace: trace, span: SpanID(from: environment), isSampled: isSampled,
            state: parent?.state ?? TraceState())
        return RunTrace(context: context, parent: parent?.span)
    }

    /// The next stretch of a run that was written down.
    func goOn(after stored: StoredTrace?, _ environment: any Environment) -> RunTrace? {
        guard let stored, stored.isBegun else { return begin(below: stored?.context, environment) }
        guard !isEmpty else { return Self.passed(stored.context) }
        return RunTrace(context: stored.context.with(SpanID(from: environment)), link: stored.context)
    }

    private static func passed(_ context: TraceContext) -> RunTrace {
        var trace = RunTrace(context: context)
        trace.isPassed = true
        return trace
    }
}
