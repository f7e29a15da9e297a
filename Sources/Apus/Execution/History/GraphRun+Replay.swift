extension GraphRun {
    /// What became of an activation that time ended in a capsule, by a region or a timeout; `nil` if it runs.
    func timed(
        _ node: Int, _ state: State, _ context: NodeContext, _ replay: CapsuleInputs
    ) async -> ActivationOutcome? {
        let activation = "\(context.activation)"
        if replay.wasCancelled(activation) {
            let ledger = context.extras?.ledger as? Ledger
            ledger?.waitBegan()
            _ = await (context.extras?.handle?.completion ?? StopSignal()).wait()
            ledger?.waitEnded()
            return .cancelled
        }
        guard let limit = graph.table.policies[node].timeout else { return nil }
        let late = TimeoutError(activation: context.activation, limit: limit)
        return replay.failed(activation, with: "\(late)") ? outcome(of: late, node, state, context) : nil
    }
}
