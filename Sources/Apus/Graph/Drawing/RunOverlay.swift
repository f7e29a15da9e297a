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
    public private(set) var graph: String?
    /// What became of the run; `nil` before its first event.
    public private(set) var status: Status?
    /// What became of each node, by its path through subgraphs.
    public private(set) var nodes: [[String]: Record] = [:]
    /// Attempts that have begun; without an instant those that wait for the next one.
    private var open: [ActivationID: Instant?] = [:]
    private var hasOwnStatus: Set<[String]> = []

    public init(graph: String? = nil) { self.graph = graph }

    public init(graph: String? = nil, events: some Sequence<RunEvent>) {
        self.graph = graph
        for event in events { record(event) }
    }

    /// The record of the node at the path, such as `overlay["triage", "fetch"]`.
    public subscript(path: String...) -> Record? { nodes[path] }

    /// Takes one more event in, in the order of their sequence numbers.
    public mutating func record(_ event: RunEvent) {
        switch event.kind {
        case .runStarted(let name):
            graph = graph ?? name
            status = .running
        case .runPaused: status = .paused
        case .runResumed: status = .running
        case .runCompleted: status = .completed
        case .runFailed: status = .failed
        case .runCancelled: status = .cancelled
        case .started(let id, _): start(id, at: event.instant)
        case .retrying(let id, _, _, _):
            close(id, at: event.instant)
            open[id] = .some(nil)
            update(id, .waiting) { $0.retries += 1 }
        case .completed(let id): end(id, at: event.instant, .completed) { _ in }
        case .failed(let id, _): end(id, at: event.instant, .failed) { $0.failures += 1 }
        case .skipped(let id): end(id, at: event.instant, .skipped) { $0.skipped += 1 }
        case .passedOver(let id, _): end(id, at: event.instant, .passedOver) { $0.passedOver += 1 }
        case .cancelled(let id): end(id, at: event.instant, .cancelled) { $0.cancelled += 1 }
        case .progress: break
        }
    }

    private mutating func start(_ id: ActivationID, at instant: Instant) {
        let isFirst = open.updateValue(instant, forKey: id) == nil
        update(id, .running) { record in
            if isFirst { record[keyPath: id.tally].count += 1 }
        }
    }

    private mutating func end(
        _ id: ActivationID, at instant: Instant, _ status: Status, _ change: (inout Record) -> Void
    ) {
        close(id, at: instant)
        update(id, status, change)
    }

    /// Adds the time of the attempt that ends, if one began.
    private mutating func close(_ id: ActivationID, at instant: Instant) {
        guard let begun = open.removeValue(forKey: id), let begun else { return }
        let time = max(.zero, begun.duration(to: instant))
        let tally = id.tally
        nodes[id.nodePath, default: Record()][keyPath: tally].total += time
        nodes[id.nodePath, default: Record()][keyPath: tally].longest =
            max(time, nodes[id.nodePath, default: Record()][keyPath: tally].longest)
    }

    private mutating func update(_ id: ActivationID, _ status: Status, _ change: (inout Record) -> Void) {
        let path = id.nodePath
        let isOwn = id.path.last?.index == nil
        var record = nodes.removeValue(forKey: path) ?? Record()
        change(&record)
        let hasRun = record.runs.count + record.elements.count > 0
        let isSpoken = !isOwn && hasOwnStatus.contains(path)
        if !isSpoken, status != .skipped || !hasRun { record.status = status }
        if isOwn { hasOwnStatus.insert(path) }
        nodes[path] = record
    }
}

extension ActivationID {
    /// The names of the nodes on the way, without rounds and elements.
    var nodePath: [String] { path.map(\.node) }

    /// Where an activation counts in the record of its node.
    fileprivate var tally: WritableKeyPath<RunOverlay.Record, RunOverlay.Tally> {
        path.last?.index == nil ? \.runs : \.elements
    }
}
