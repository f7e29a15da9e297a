/// Follows the journal of a run through the driver that executed it, without running a node.
struct JournalReplay<State: GraphState> {
    let run: RunID
    let graph: Graph<State>
    let environment: any Environment
    private var past = RunPast()
    private var driver: GraphRun<State>?
    private(set) var open = OpenActivations()

    init(_ run: RunID, _ graph: Graph<State>, _ environment: any Environment) {
        self.run = run
        self.graph = graph
        self.environment = environment
    }

    /// The first record and all that follow, up to and with the record `number`, at once.
    init(
        _ run: RunID, _ graph: Graph<State>, _ environment: any Environment, following records: [JournalRecord]
    ) throws {
        self.init(run, graph, environment)
        for record in records where record.tag != .snapshot || past.isEmpty { past.add(record) }
        try restart()
    }

    /// Follows one more record; returns the activations that it made ready, or that begin anew because of it.
    mutating func follow(_ record: JournalRecord) throws -> [String] {
        if record.tag == .snapshot, !past.isEmpty { return [] }
        past.add(record)
        switch record.tag {
        case .began, .snapshot:
            try restart()
            return open.names
        case .retried where record.activation == nil:
            let before = open
            try restart()
            return open.names.filter { !before.contains($0) }
        case .done, .passed, .failed, .cancelled:
            guard RunPast.path(around: record.activation ?? "").isEmpty else { return [] }
            let before = open
            try driver?.restore(record, &open)
            return open.names.filter { !before.contains($0) }
        case .forked:
            try driver?.restore(record, &open)
            return []
        default: return []
        }
    }

    /// The state with everything that was committed so far.
    func state() throws -> State {
        guard let box = try driver?.pastState() else {
            throw JournalError(.damaged, run: run, detail: "its first frame is missing")
        }
        return TypedKit<State>.open(box)
    }

    /// Whether a change of the state has a meaning here, besides for what has been done inside of composites.
    var isUniform: Bool { driver?.isUniform ?? false }

    private mutating func restart() throws {
        guard let began = past.began, let json = began.value else {
            throw JournalError(.damaged, run: run, detail: "its first state is missing")
        }
        guard began.name == graph.name else {
            throw JournalError(.otherRun, run: run, detail: "it runs the graph \"\(began.name ?? "")\"")
        }
        let initial: State
        do {
            initial = try JSONCoding.decode(State.self, from: json)
        } catch {
            throw JournalError(.coding, run: run, detail: "its first state: \(error)")
        }
        let start = began.note.flatMap { graph.entries.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
        let core = RunCore(environment, run, GraphLimits(), graph: graph.name, hub: nil)
        let driver = GraphRun(graph, core, start: start)
        open = try past.snapshot.map { try driver.opened(from: $0) } ?? driver.opened(from: initial, start)
        for record in past.endings(in: "") { try driver.restore(record, &open) }
        self.driver = driver
    }
}

extension GraphRun {
    /// What is open at the beginning of a run that is only followed.
    fileprivate func opened(from initial: State, _ start: Int) throws -> OpenActivations {
        var machine = RunMachine(plan)
        if case .run(let first) = machine.start(start) { machine.putBack(first) }
        return open(&machine, TypedBox(initial))
    }

    /// What was open when a snapshot was taken.
    fileprivate func opened(from snapshot: RunSnapshot) throws -> OpenActivations {
        let state = try state(of: snapshot)
        var machine = try machine(of: snapshot)
        machine.putBack(snapshot.node)
        return open(&machine, TypedBox(state))
    }
}
