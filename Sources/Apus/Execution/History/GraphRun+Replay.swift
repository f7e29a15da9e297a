extension GraphRun {
    /// What became of an activation that time ended in a capsule, by a region, a timeout, a deadline or silence; `nil` if it runs.
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
        if let note = replay.note(of: activation), DeadlineError.isNote(note, of: context.activation) {
            return outcome(of: JournaledError(note), node, state, context)
        }
        let policy = graph.table.policies[node]
        let timeout = policy.timeout.map { TimeoutError(activation: context.activation, limit: $0) as any Error }
        let silence = policy.heartbeat.map { HeartbeatError(activation: context.activation, limit: $0) as any Error }
        for late in [timeout, silence].compactMap(\.self) where replay.failed(activation, with: "\(late)") {
            return outcome(of: late, node, state, context)
        }
        return nil
    }
}
