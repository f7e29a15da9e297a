import Synchronization

extension GraphDriver {
    /// Hands what an activation did to the machine and the book, in one event.
    ///
    /// A task that has nothing left to do may take over a branch that waits for one.
    func commit(
        _ performed: Performed, of ready: Ready, _ context: NodeContext, takesOver: Bool = false
    ) -> Continuation {
        var change: StateChange?
        if performed.state !== ready.state { change = kit.change(from: ready.state, to: performed.state) }
        let after = change == nil ? ready.state : performed.state
        let letters = (ready.extras?.handle as? BranchHandle)?.takeOutbox() ?? []
        let written = Written(performed.outcome, change, letters)
        let said = core.journal == nil ? written : recorded(written, context, after: after)
        return commit(said, after, of: ready, context, takesOver: takesOver)
    }

    /// The same for what is written down already.
    func commit(
        _ written: Written, _ after: StateBox, of ready: Ready, _ context: NodeContext, takesOver: Bool = false
    ) -> Continuation {
        let outcome = written.outcome
        let change = written.change
        let (continuation, wake, stops) = shared.withLock { shared in
            if let record = written.record, !isStopped, let journal = core.journal { write(written, record, journal) }
            let next = decide(outcome, of: ready.node, context, &shared)
            let stops = takeStops(&shared)
            switch outcome {
            case .chose, .selected, .passedOver, .passedOverSelecting:
                deliver(written.letters, of: ready.node, in: context.rounds)
            case .failed, .cancelled, .aborted: break
            }
            var following = proceed(next, ready.node, change, after, &shared)
            if takesOver, case .stop = following, let other = shared.takeOver() { following = .with(other) }
            return (following, shared.takeWake(), stops)
        }
        for (signal, outcome) in stops { signal.fire(outcome) }
        wake?.perform()
        return continuation
    }

    private func decide(
        _ outcome: ActivationOutcome, of node: Int, _ context: NodeContext, _ shared: inout Shared
    ) -> RunMachine.Next {
        if shared.machine?.isResting(node) != true { shared.stops[node] = nil }
        switch outcome {
        case .chose(let number), .passedOver(let number):
            return shared.machine?.completed(node, choice: number) ?? .wait
        case .selected(let subset), .passedOverSelecting(let subset):
            return shared.machine?.completed(node, subset: subset) ?? .wait
        case .aborted(let error):
            fail(error, &shared)
            return shared.machine?.failed(node, isFinal: true) ?? .wait
        case .cancelled: return shared.machine?.cancelled(node) ?? .wait
        case .failed(let error):
            if plan.units[node].failureCase >= 0 {
                let rounds = shared.machine?.iterations(around: node) ?? []
                shared.failures[node] = LedOnFailure(
                    rounds: rounds, failure: NodeFailure(activation: context.activation, error: error))
            } else {
                fail(describe(error, context.activation), &shared)
            }
            return shared.machine?.failed(node) ?? .wait
        }
    }

    /// The first failure is the cause of the run's.
    private func fail(_ error: any Error, _ shared: inout Shared) {
        if shared.failure == nil { shared.failure = error }
        if siblings == .cancel { shared.orders.append(.cancelAll) }
    }

    private func takeStops(_ shared: inout Shared) -> [(StopSignal, CancelOutcome)] {
        guard let machine = shared.machine?.takeCancelled(), !machine.isEmpty else { return [] }
        return machine.compactMap { node in
            guard let signal = shared.stops[node], let outcome = shared.machine?.cancellation(of: node) else {
                return nil
            }
            return (signal, shared.machine?.isResting(node) == true ? .cancelled : outcome)
        }
    }

    func proceed(
        _ next: RunMachine.Next, _ node: Int?, _ change: StateChange?, _ state: StateBox?, _ shared: inout Shared
    ) -> Continuation {
        let log = shared.machine?.takeLog() ?? []
        var views: [ChangeBook.View] = []
        let isAlone = shared.machine?.active == 1
        do {
            if let node, let state {
                try shared.book?.end(node, change, after: state)
                views = try shared.book?.follow(log, last: node, state, isAlone: isAlone) ?? []
            } else {
                views = try shared.book?.follow(log, last: -1, nil, isAlone: isAlone) ?? []
            }
        } catch {
            let conflict = RunError(.stateConflict, graph: graphName, underlying: error)
            if shared.conflict == nil { shared.conflict = conflict }
            fail(conflict, &shared)
            if case .run(let ready) = next { shared.machine?.putBack(ready) }
            shared.machine?.stop(.failing)
        }
        if core.isWatched { report(shared.machine?.skipped(in: log) ?? []) }
        closeChannels(&shared)
        let phase = shared.machine?.phase ?? .running
        if phase != .running {
            isClosing.store(true, ordering: .relaxed)
            if phase == .finishing || phase == .cancelling, !shared.isStopped {
                shared.isStopped = true
                shared.orders.append(.cancelAll)
            }
            if shared.machine?.active == 0 { conclude(&shared) }
            return .stop
        }
        return goOn(next, views, &shared)
    }

    private func goOn(
        _ next: RunMachine.Next, _ views: [ChangeBook.View], _ shared: inout Shared
    ) -> Continuation {
        switch next {
        case .finished:
            conclude(&shared)
            return .stop
        case .stuck:
            shared.result = .failure(stuckError(shared.machine?.heldNodes() ?? []))
            if core.journal != nil { core.activity.more() }
            return .stop
        case .wait: return .stop
        case .several: _ = shared.machine?.takeReady()
        case .run: break
        }
        guard let first = views.first else { return .stop }
        if views.count == 1, shared.machine?.active == 1, let state = shared.book?.exclusive(first.node) {
            if core.journal != nil { core.activity.more() }
            return .alone(first.node, state)
        }
        var batch = views.map { ready($0.node, $0.state, &shared) }
        let own = batch.removeFirst()
        if planted(.successorLost) { batch = batch.dropLast() }
        if !batch.isEmpty { shared.orders.append(.start(batch)) }
        return .with(own)
    }
}

extension GraphDriver {
    /// Commits a composite that works on: its change and its exit now, its end later.
    func completeEarly(_ ready: Ready, _ state: any Sendable, _ context: NodeContext) {
        shared.withLock { $0.machine?.restBegan(ready.node) }
        let performed = performed(ready.node, early: state)
        report(performed.outcome, of: context.activation)
        guard case .with(let following) = commit(performed, of: ready, context) else {
            return
        }
        shared.withLock { shared in
            shared.orders.append(.start([following]))
            return shared.takeWake()
        }?.perform()
    }

    /// A composite that worked on has ended for good.
    func endRest(_ node: Int) -> Continuation {
        let (continuation, wake) = shared.withLock { shared in
            shared.stops[node] = nil
            let next = shared.machine?.restEnded(node) ?? .wait
            let following = proceed(next, nil, nil, nil, &shared)
            return (following, shared.takeWake())
        }
        wake?.perform()
        return continuation
    }
}
