extension GraphDriver {
    func report(_ outcome: ActivationOutcome, of activation: @autoclosure () -> ActivationID) {
        switch outcome {
        case .chose, .selected: core.emit(.completed(activation()))
        case .failed(let error), .aborted(let error): core.emit(.failed(activation(), error: "\(error)"))
        case .cancelled: core.emit(core.isLetGo ? .suspended(activation()) : .cancelled(activation()))
        case .passedOver, .passedOverSelecting: break
        }
    }

    func report(_ skipped: [(node: Int, rounds: [Int])]) {
        for (node, rounds) in skipped {
            let step = ActivationID.Component(node: plan.names[node], iterations: rounds)
            core.emit(.skipped(ActivationID(site.prefix + [step])))
        }
    }
}

extension GraphDriver {
    /// What a ready node needs to run, taken down while the machine is at hand.
    func ready(_ node: Int, _ state: StateBox, _ shared: inout Shared) -> Ready {
        if core.journal != nil { core.activity.more() }
        let traits = facts.traits[node]
        let rounds = shared.machine?.iterations(around: node) ?? []
        guard rounds.count > 1 || traits.contains(.handle | .mends) || core.journal != nil else {
            return Ready(node: node, state: state, iteration: rounds.last ?? -1)
        }
        let handle = traits.contains(.handle) ? BranchHandle(self, node, state) : nil
        let extras = extras(node, traits, rounds, shared.failures, handle)
        if let handle { shared.stops[node] = handle.completion }
        if let outcome = shared.machine?.cancellation(of: node) { handle?.completion.fire(outcome) }
        return Ready(node: node, state: state, iteration: rounds.last ?? -1, extras: extras)
    }

    func extras(
        _ node: Int, _ traits: NodeTraits, _ rounds: [Int], _ failures: [Int: LedOnFailure],
        _ handle: BranchHandle?
    ) -> ActivationExtras? {
        let ledger = ledger(of: node)
        guard rounds.count > 1 || handle != nil || ledger != nil || traits.contains(.mends) else { return nil }
        let sources = facts.mended[node].sorted { plan.units[$0].place < plan.units[$1].place }
        let led = sources.compactMap { source -> NodeFailure? in
            guard let known = failures[source], leads(known.rounds, of: source, to: node, rounds) else { return nil }
            return known.failure
        }
        return ActivationExtras(
            outerIterations: Array(rounds.dropLast()), failures: led, handle: handle, ledger: ledger)
    }

    /// Whether a failure of `source` in `earlier` rounds is one that led to this start of `node`: in a loop one of the same round,
    /// in a cycle with several entries one of the step before.
    private func leads(_ earlier: [Int], of source: Int, to node: Int, _ rounds: [Int]) -> Bool {
        let scope = plan.scope(of: node)
        guard scope > 0, plan.headers[scope - 1] < 0, plan.scope(of: source) == scope else {
            return zip(earlier, rounds).allSatisfy(==)
        }
        return earlier.dropLast() == rounds.dropLast() && earlier.last.map { $0 + 1 } == rounds.last
    }
}
