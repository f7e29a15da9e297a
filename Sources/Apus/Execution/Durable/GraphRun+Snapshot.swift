extension GraphRun {
    /// Writes all of the run down if it is worth it. Only the whole graph is, while one branch is open and nothing lies on the way
    /// between nodes.
    func offerSnapshot(
        _ machine: borrowing RunMachine, _ state: State, _ next: RunMachine.Next, _ journal: RunJournal
    ) {
        guard case .run(let node) = next, site.prefix.isEmpty, channels.isEmpty,
            shared.withLock({ $0.failures.isEmpty }), let json = try? JSONCoding.encode(state)
        else { return }
        var writer = JSONWriter()
        machine.write(to: &writer)
        let written = writer.bytes
        let (fingerprint, steps) = (graph.fingerprint, core.stepCount)
        journal.offer { past in
            RunSnapshot(
                fingerprint: fingerprint, began: past.began ?? JournalRecord(.began), steps: steps,
                compensations: past.compensations, node: node, machine: written, state: json)
        }
    }

    /// Goes on from a snapshot and what was written down after it.
    func runOn(from snapshot: RunSnapshot, _ endings: [JournalRecord]) async throws -> State {
        var state = try state(of: snapshot)
        var machine = try machine(of: snapshot)
        if !endings.isEmpty {
            machine.putBack(snapshot.node)
            let open = try restore(endings, into: &machine, from: TypedBox(state))
            return try await runBranches(open)
        }
        switch await runAlone(&machine, &state, .run(snapshot.node)) {
        case .finished: return state
        case .failed(let error): throw error
        case .opened: return try await runBranches(share(&machine, TypedBox(state)))
        }
    }

    /// The state that a snapshot holds.
    func state(of snapshot: RunSnapshot) throws -> State {
        guard snapshot.fingerprint == graph.fingerprint else {
            throw JournalError(
                .otherGraph, run: core.runID,
                detail: "its snapshot is of \(snapshot.fingerprint), not \(graph.fingerprint)")
        }
        do {
            return try JSONCoding.decode(State.self, from: snapshot.state)
        } catch {
            throw JournalError(.coding, run: core.runID, detail: "the state of its snapshot: \(error)")
        }
    }

    /// The machine that a snapshot holds.
    func machine(of snapshot: RunSnapshot) throws -> RunMachine {
        do {
            var reader = JSONReader(snapshot.machine)
            return try RunMachine(plan, from: &reader)
        } catch {
            throw JournalError(.coding, run: core.runID, detail: "its snapshot: \(error)")
        }
    }
}
