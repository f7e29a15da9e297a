extension GraphDriver {
    /// The round of the innermost loop around `node`, or -1.
    @inline(__always)
    func iterationOf(_ node: Int, _ machine: borrowing RunMachine) -> Int {
        let scope = plan.scope(of: node)
        return scope > 0 ? machine.iteration(of: scope - 1) : -1
    }

    func context(_ node: Int, _ machine: borrowing RunMachine) -> NodeContext {
        let rounds = machine.iterations(around: node)
        let extras = rounds.count > 1 ? ActivationExtras(outerIterations: Array(rounds.dropLast())) : nil
        return NodeContext(site: site, node: node, iteration: rounds.last ?? -1, extras: extras)
    }

    private func nodeError(_ error: any Error, _ activation: ActivationID) -> RunError {
        RunError(.nodeFailed, graph: graphName, activation: activation, underlying: error)
    }

    /// The failure of an activation. What names a place at or inside of it already stays as it is.
    func describe(_ error: any Error, _ activation: ActivationID) -> RunError {
        guard var known = error as? RunError, known.activation?.path.starts(with: activation.path) ?? true else {
            return nodeError(error, activation)
        }
        known.activation = known.activation ?? activation
        return known
    }

    func stuckError(_ held: [Int]) -> RunError {
        let names = held.map { "\"\(plan.names[$0])\"" }.joined(separator: ", ")
        return RunError(.stuck, graph: graphName, detail: "\(names) wait for a milestone that can no longer be reached")
    }
}
