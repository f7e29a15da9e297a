import Synchronization

extension GraphRun {
    /// How a branch goes on after an activation.
    enum Continuation {
        case with(Ready)
        case stop
        /// It is the only one left; the machine is this task's again.
        case alone(Int, State)
    }

    /// Puts the machine and the state where all branches reach them, and returns what is ready.
    func share(_ machine: inout RunMachine, _ state: State) -> [Ready] {
        let ready = machine.takeReady()
        let held = machine.heldNodes()
        let isForked = ready.count + held.count > 1
        var transitions: [RunMachine.Transition] = []
        var scope = 0
        for node in ready {
            let loop = isForked ? plan.enclosing(node) : -1
            scope = loop >= 0 ? plan.scope(of: plan.nodeCount + loop) : plan.scope(of: node)
            if loop >= 0 { transitions.append(.loopStarted(loop)) }
            transitions.append(.ready(node))
        }
        for node in held {
            scope = plan.scope(of: node)
            transitions.append(.held(node))
        }
        var moved = RunMachine(plan)
        swap(&machine, &moved)
        moved.isLogging = true
        var other: RunMachine? = consume moved
        var book = ChangeBook(plan, graph.schema, scope: scope, state: state)
        let views = (try? book.follow(transitions, last: -1, state, isAlone: false)) ?? []
        return shared.withLock { shared in
            shared.machine = other.take()
            shared.book = book
            closeChannels(&shared)
            let batch = views.map { self.ready($0.node, $0.state, &shared) }
            if isStopped { shared.machine?.stop(.cancelling) }
            return batch
        }
    }

    /// Runs activations one after another in a task of the group, until another branch takes over.
    func branch(_ first: Ready) async {
        var ready = first
        guard admits(first) else { return }
        while true {
            let node = ready.node
            let traits = graph.table.traits[node]
            let context = NodeContext(site: site, node: node, iteration: ready.iteration, extras: ready.extras)
            var state = ready.state
            let limit = traits.contains(.limited) && exceedsLimit(node)
            let outcome = await perform(node, &state, context, traits, exceedsLimit: limit)
            let handle = ready.extras?.handle as? BranchHandle<State>
            switch handle?.isCompleted == true ? endRest(node) : commit(outcome, of: ready, state, context) {
            case .with(let following): ready = following
            case .stop: return
            case .alone(let node, let state):
                guard let more = await goAlone(node, state) else { return }
                ready = more
            }
        }
    }

    /// Whether a node that was handed out may still start; if not, it counts as ended.
    private func admits(_ ready: Ready) -> Bool {
        let (isAdmitted, wake) = shared.withLock { shared -> (Bool, Wake?) in
            if shared.machine?.phase == .running, !Task.isCancelled { return (true, nil) }
            let next = shared.machine?.cancelled(ready.node) ?? .wait
            _ = proceed(next, nil, nil, nil, &shared)
            return (false, takeWake(&shared))
        }
        wake?.perform()
        return isAdmitted
    }

    private func exceedsLimit(_ node: Int) -> Bool {
        shared.withLock { $0.machine?.exceedsLimit(node) ?? false }
    }

    /// Takes the machine out, runs the only branch, and puts the machine back.
    private func goAlone(_ node: Int, _ start: State) async -> Ready? {
        var machine = shared.withLock { shared in
            shared.book = nil
            return shared.machine.take() ?? RunMachine(plan)
        }
        machine.isLogging = false
        var state = start
        let ending = await runAlone(&machine, &state, .run(node))
        if case .opened = ending {
            var batch = share(&machine, state)
            let first = batch.isEmpty ? nil : batch.removeFirst()
            let rest = batch
            shared.withLock { shared in
                if !rest.isEmpty { shared.orders.append(.start(rest)) }
                return takeWake(&shared)
            }?.perform()
            return first
        }
        let final = state
        shared.withLock { shared in
            if case .failed(let error) = ending {
                shared.result = .failure(error)
            } else {
                shared.result = .success(final)
            }
            return takeWake(&shared)
        }?.perform()
        return nil
    }
}

// MARK: Committing

extension GraphRun {
    /// Hands what an activation did to the machine and the book, in one event.
    func commit(_ outcome: ActivationOutcome, of ready: Ready, _ state: State, _ context: NodeContext) -> Continuation {
        var change: StateChange<State>?
        switch outcome {
        case .chose, .selected: change = graph.schema.change(from: ready.state, to: state)
        case .failed, .passedOver, .passedOverSelecting, .cancelled, .aborted: break
        }
        let after = change == nil ? ready.state : state
        let (continuation, wake, stops) = shared.withLock { shared in
            let next = decide(outcome, of: ready.node, context, &shared)
            let stops = takeStops(&shared)
            switch outcome {
            case .chose, .selected, .passedOver, .passedOverSelecting:
                deliver(ready.extras?.handle as? BranchHandle<State>, of: ready.node)
            case .failed, .cancelled, .aborted: break
            }
            closeChannels(&shared)
            let following = proceed(next, ready.node, change, after, &shared)
            return (following, takeWake(&shared), stops)
        }
        for (signal, outcome) in stops { signal.fire(outcome) }
        wake?.perform()
        return continuation
    }

    private func decide(
        _ outcome: ActivationOutcome, of node: Int, _ context: NodeContext, _ shared: inout Shared
    ) -> RunMachine.Next {
        shared.stops[node] = nil
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
                fail(error is RunError ? error : nodeError(error, context.activation), &shared)
            }
            return shared.machine?.failed(node) ?? .wait
        }
    }

    /// The first failure is the cause of the run's.
    private func fail(_ error: any Error, _ shared: inout Shared) {
        if shared.failure == nil { shared.failure = error }
        if graph.siblings == .cancel { shared.orders.append(.cancelAll) }
    }

    private func takeStops(_ shared: inout Shared) -> [(StopSignal, CancelOutcome)] {
        guard let machine = shared.machine?.takeCancelled(), !machine.isEmpty else { return [] }
        return machine.compactMap { node in
            guard let signal = shared.stops[node], let outcome = shared.machine?.cancellation(of: node) else {
                return nil
            }
            return (signal, outcome)
        }
    }

    private func proceed(
        _ next: RunMachine.Next, _ node: Int?, _ change: StateChange<State>?, _ state: State?, _ shared: inout Shared
    ) -> Continuation {
        let log = shared.machine?.takeLog() ?? []
        var views: [(node: Int, state: State)] = []
        let isAlone = shared.machine?.active == 1
        do {
            if let node, let state {
                try shared.book?.end(node, change, after: state)
                views = try shared.book?.follow(log, last: node, state, isAlone: isAlone) ?? []
            } else {
                views = try shared.book?.follow(log, last: -1, nil, isAlone: isAlone) ?? []
            }
        } catch {
            fail(RunError(.stateConflict, graph: graph.name, underlying: error), &shared)
            if case .run(let ready) = next { shared.machine?.putBack(ready) }
            shared.machine?.stop(.failing)
        }
        if core.isWatched { report(shared.machine?.skipped(in: log) ?? []) }
        let phase = shared.machine?.phase ?? .running
        if phase != .running {
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
        _ next: RunMachine.Next, _ views: [(node: Int, state: State)], _ shared: inout Shared
    ) -> Continuation {
        switch next {
        case .finished:
            conclude(&shared)
            return .stop
        case .stuck:
            shared.result = .failure(stuckError(shared.machine?.heldNodes() ?? []))
            return .stop
        case .wait: return .stop
        case .several: _ = shared.machine?.takeReady()
        case .run: break
        }
        guard let first = views.first else { return .stop }
        if views.count == 1, shared.machine?.active == 1, let state = shared.book?.exclusive(first.node) {
            return .alone(first.node, state)
        }
        var batch = views.map { ready($0.node, $0.state, &shared) }
        let own = batch.removeFirst()
        if !batch.isEmpty { shared.orders.append(.start(batch)) }
        return .with(own)
    }
}

// MARK: Working on

extension GraphRun {
    /// Commits a composite that works on: its change and its exit now, its end later.
    func completeEarly(_ ready: Ready, _ state: State, _ context: NodeContext) {
        shared.withLock { $0.machine?.restBegan(ready.node) }
        guard case .with(let following) = commit(choose(ready.node, state), of: ready, state, context) else { return }
        shared.withLock { shared in
            shared.orders.append(.start([following]))
            return takeWake(&shared)
        }?.perform()
    }

    /// A composite that worked on has ended for good.
    private func endRest(_ node: Int) -> Continuation {
        let (continuation, wake) = shared.withLock { shared in
            let next = shared.machine?.restEnded(node) ?? .wait
            let following = proceed(next, nil, nil, nil, &shared)
            return (following, takeWake(&shared))
        }
        wake?.perform()
        return continuation
    }
}
