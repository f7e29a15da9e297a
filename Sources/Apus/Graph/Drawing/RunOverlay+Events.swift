extension RunOverlay {
    /// Folds the events of one run, in the order of their sequence numbers.
    ///
    /// - Parameter graph: the name to give instead of the one the run started with.
    public init(graph: String? = nil, events: some Sequence<RunEvent>) {
        self.init(graph: graph)
        for event in events { record(event) }
    }

    /// Takes one more event in, in the order of their sequence numbers.
    public mutating func record(_ event: RunEvent) {
        switch event.kind {
        case .runStarted(let name), .runContinued(let name):
            graph = graph ?? name
            status = .running
        case .runPaused: status = .paused
        case .runSuspended, .runReleased: status = .waiting
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
        case .suspended(let id): end(id, at: event.instant, .waiting) { _ in }
        case .asked, .progress, .modelCalled, .toolCalled: break
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
