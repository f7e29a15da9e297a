import Synchronization

extension GraphRun {
    /// Runs one branch as long as it is the only one, in the calling task.
    ///
    /// What goes on around the node stands in functions of its own: all that is at hand here while a node runs takes memory as
    /// long as the node waits.
    func runAlone(_ machine: inout RunMachine, _ state: inout State, _ first: RunMachine.Next) async -> Ending {
        var next = first
        while case .run(let node) = next {
            if isStopped { return .failed(CancellationError()) }
            let traits = facts.traits[node]
            if traits.contains(.runsOn | .heralds) {
                machine.putBack(node)
                return .opened
            }
            let isPlain = traits.isPlain && !(traits.contains(.limited) && machine.exceedsLimit(node))
            guard core.isUnattended, isPlain else {
                if isPlain, core.letsPass {
                    next = await told(&machine, &state, node)
                    continue
                }
                next = await step(&machine, &state, node, traits)
                if let journal = core.journal, !(await settled(next, journal, machine, state)) {
                    return .failed(CancellationError())
                }
                continue
            }
            do {
                try core.countActivation()
                let context = NodeContext(site: site, node: node, iteration: iterationOf(node, machine))
                try await graph.table.nodes[node].run(&state, in: context)
            } catch {
                return failed(error, node, machine)
            }
            let hasChoice = facts.traits[node].contains(.choice)
            next = hasChoice ? follow(node, &machine, state) : machine.completed(node, choice: 0)
        }
        return ending(next, &machine)
    }

    @inline(never)
    private func failed(_ error: any Error, _ node: Int, _ machine: borrowing RunMachine) -> Ending {
        .failed(isStopped ? CancellationError() : describe(error, context(node, machine).activation))
    }

    /// Evaluates the exit of a node that has a choice.
    @inline(never)
    private func follow(_ node: Int, _ machine: inout RunMachine, _ state: State) -> RunMachine.Next {
        if let route = graph.table.routes[node], let number = route.choose(state) {
            return machine.completed(node, choice: number)
        }
        if graph.table.routes[node] == nil, case .selected(let subset) = choose(node, state) {
            return machine.completed(node, subset: subset)
        }
        let error = undeclaredTarget(context(node, machine))
        shared.withLock { $0.failure = error }
        return machine.failed(node, isFinal: true)
    }

    private func ending(_ next: RunMachine.Next, _ machine: inout RunMachine) -> Ending {
        switch next {
        case .finished:
            if let failure = shared.withLock({ $0.failure }) { return .failed(failure) }
            return machine.phase == .cancelling ? .failed(CancellationError()) : .finished
        case .stuck: return .failed(stuckError(machine.heldNodes()))
        case .several, .wait, .run: return .opened
        }
    }

    /// One activation with everything that a plain one does without.
    @inline(never)
    private func step(
        _ machine: inout RunMachine, _ state: inout State, _ node: Int, _ traits: NodeTraits
    ) async -> RunMachine.Next {
        let rounds = machine.iterations(around: node)
        if traits.contains(.handle) { closeChannels(machine) }
        let handle = traits.contains(.handle) ? BranchHandle(self, node, TypedBox(state)) : nil
        if let outcome = machine.cancellation(of: node) { handle?.completion.fire(outcome) }
        let failures = shared.withLock { $0.failures }
        let extras = extras(node, traits, rounds, failures, handle)
        let context = NodeContext(site: site, node: node, iteration: rounds.last ?? -1, extras: extras)
        let limit = traits.contains(.limited) && machine.exceedsLimit(node)
        var letters: [Outbox.Letter] = []
        let outcome: ActivationOutcome
        if let journal = core.journal {
            (outcome, letters) = await performRecorded(node, &state, context, traits, limit, journal)
        } else {
            outcome = await perform(node, &state, context, traits, exceedsLimit: limit)
            letters = handle?.takeOutbox() ?? []
        }
        return follow(outcome, of: node, context, letters, &machine)
    }

    /// A plain activation that is told to those who watch.
    @inline(never)
    private func told(_ machine: inout RunMachine, _ state: inout State, _ node: Int) async -> RunMachine.Next {
        let context = NodeContext(site: site, node: node, iteration: iterationOf(node, machine))
        let activation = context.activation
        do {
            try core.countActivation()
        } catch {
            return follow(.aborted(describe(error, activation)), of: node, context, [], &machine)
        }
        core.emit(.started(activation, attempt: 1))
        let outcome: ActivationOutcome
        do {
            try await graph.table.nodes[node].run(&state, in: context)
            outcome = Task.isCancelled || isStopped ? .cancelled : choose(node, state, context)
        } catch {
            outcome = self.outcome(of: error, node, state, context)
        }
        report(outcome, of: activation)
        return follow(outcome, of: node, context, [], &machine)
    }

    /// What comes after an activation that ended so.
    private func follow(
        _ outcome: ActivationOutcome, of node: Int, _ context: NodeContext, _ letters: [Outbox.Letter],
        _ machine: inout RunMachine
    ) -> RunMachine.Next {
        if core.isWatched { machine.isLogging = true }
        defer { reportLog(&machine) }
        switch outcome {
        case .chose(let number), .passedOver(let number):
            deliver(letters, of: node, in: context.rounds)
            return machine.completed(node, choice: number)
        case .selected(let subset), .passedOverSelecting(let subset):
            deliver(letters, of: node, in: context.rounds)
            return machine.completed(node, subset: subset)
        case .cancelled:
            machine.stop(.cancelling)
            return machine.cancelled(node)
        case .failed(let error):
            note(error, of: node, context.rounds, context.activation)
            return machine.failed(node)
        case .aborted(let error):
            shared.withLock { $0.failure = error }
            return machine.failed(node, isFinal: true)
        }
    }

    /// The same activation, written down before anything follows from it.
    private func performRecorded(
        _ node: Int, _ state: inout State, _ context: NodeContext, _ traits: NodeTraits, _ exceedsLimit: Bool,
        _ journal: RunJournal
    ) async -> (ActivationOutcome, [Outbox.Letter]) {
        let before = TypedBox(state)
        let outcome = await perform(node, &state, context, traits, exceedsLimit: exceedsLimit)
        let after = result(outcome, before, state)
        state = TypedKit<State>.open(after.state)
        let letters = (context.extras?.handle as? BranchHandle)?.takeOutbox() ?? []
        let change = after.state === before ? nil : kit.change(from: before, to: after.state)
        let written = recorded(Written(outcome, change, letters), context, after: after.state)
        if let record = written.record, !isStopped { write(written, record, journal) }
        return (written.outcome, written.letters)
    }

    /// Waits until what a successor stands on is stored; the end of a run is stored with the last of its nodes.
    private func settled(
        _ next: RunMachine.Next, _ journal: RunJournal, _ machine: borrowing RunMachine, _ state: State
    ) async -> Bool {
        guard case .run = next else { return true }
        if journal.wantsSnapshot { offerSnapshot(machine, state, next, journal) }
        return await settle(journal)
    }

    /// Keeps a failure for whoever takes over, or as the cause of the end.
    private func note(_ error: any Error, of node: Int, _ rounds: [Int], _ activation: ActivationID) {
        shared.withLock { shared in
            if plan.units[node].failureCase >= 0 {
                shared.failures[node] = LedOnFailure(
                    rounds: rounds, failure: NodeFailure(activation: activation, error: error))
            } else if shared.failure == nil {
                shared.failure = describe(error, activation)
            }
        }
    }

    /// Reports what was skipped, if somebody watches.
    func reportLog(_ machine: inout RunMachine) {
        guard machine.isLogging else { return }
        report(machine.skipped(in: machine.takeLog()))
        machine.isLogging = false
    }
}
