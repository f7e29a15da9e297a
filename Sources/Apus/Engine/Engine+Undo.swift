/// Taking back what a run did.
extension Engine {
    /// Undoes what a run did behind a point of its history, the last work first, and ends it as cancelled; returns what is undone.
    ///
    /// It is done by whoever executes runs of the graph, and survives a crash; ``outcome(of:)`` waits for it. A compensation that fails
    /// ends the run as failed; ``retry(_:)`` goes on with it. A preview changes nothing. The point 0 undoes everything. To go
    /// on from the point, fork the run there. Throws ``JournalError/Code/notFree`` for a run that is being executed: cancel it
    /// first.
    @discardableResult
    public func undo<State: GraphState>(
        _ run: RunID, _ graph: Graph<State>, to point: Int = 0, preview: Bool = false
    ) async throws -> UndoPlan {
        let (head, excerpt) = try await excerpt(of: run)
        // Its beginning is a point of a run even where its history no longer reaches so far.
        if point != 0 { try excerpt.check(point, of: run) }
        let plan = UndoPlan(run, graph, excerpt, to: point)
        if preview { return plan }
        if let damage = excerpt.damage { throw damage }
        if let step = plan.steps.first(where: { !$0.isDeclared }) {
            throw JournalError(
                .doesNotFit, run: run, activation: step.activation, detail: "no compensation \"\(step.name)\"")
        }
        guard let head, head.status != .running else {
            throw JournalError(.notFree, run: run, detail: "cancel it first")
        }
        try await mend(run, head.status, JournalRecord(.undoing, number: point))
        return plan
    }
}
