/// What happens in the runs that this engine executes.
extension Engine {
    /// What happens in a run from now on, until this engine lets go of it: when it has ended, when it only waits and is put away, and
    /// when the engine stops.
    ///
    /// Taken before the run begins it tells all of it. What happened before, or in another engine, is not told; for a run that
    /// is executed elsewhere it ends with this engine. With `.wait`, back pressure holds the run when the reader does not keep up.
    public func events(of run: RunID, _ policy: EventPolicy = .wait) -> RunEvents {
        table.withLock { $0.hub(of: run).events(policy) }
    }

    /// Tells how a run came to its end here, and that nothing follows.
    func endEvents(of run: RunID, with last: RunEvent.Kind?) {
        guard let hub = table.withLock({ $0.hubs.removeValue(forKey: run) }) else { return }
        if let last { hub.emit(last, at: environment.now()) }
        hub.end()
    }

    /// Ends the events of all runs; none is executed any more.
    func endAllEvents() {
        let hubs = table.withLock { table in
            defer { table.hubs = [:] }
            return table.hubs.keys.sorted { $0.value < $1.value }.compactMap { table.hubs[$0] }
        }
        for hub in hubs { hub.end() }
    }

    /// What readers are told last; `nil` if the run has not ended.
    func ending(of run: RunID, _ error: any Error) -> RunEvent.Kind? {
        if error is RunError || error is SagaFailure { return .runFailed("\(error)") }
        guard let core = table.withLock({ $0.cores[run] }) else { return nil }
        if core.isCancelRequested && error is CancellationError { return .runCancelled }
        switch core.journal?.head?.status {
        case .failed, .dead: return .runFailed("\(error)")
        case .cancelled: return .runCancelled
        default: return core.hasBegun ? .runReleased("\(error)") : nil
        }
    }
}

extension Engine.Table {
    /// Where the events of a run go that is executed here, or soon will be.
    mutating func hub(of run: RunID) -> EventHub {
        if let hub = hubs[run] { return hub }
        let hub = EventHub(retaining: 0)
        hubs[run] = hub
        return hub
    }

    /// The run is not executed here after all; readers that are there wait until it is.
    mutating func forgetEvents(of run: RunID) {
        if hubs[run]?.isWatched == false { hubs[run] = nil }
    }
}
