/// What the start of a run brings along beside the run itself.
package struct StartTerms: Sendable {
    /// Required and written in the commit that begins the run. If a precondition does not hold, nothing is begun.
    package var batch = StorageBatch()
    /// Who hears of the run's end: the commit that ends it writes ``RunKeys/ended(_:_:)``, until somebody deletes that.
    package var group: String?
    /// By when the run has to have ended.
    package var deadline: WallTime?

    /// What the run becomes a part of.
    package var trace: TraceContext?

    package init(
        _ batch: StorageBatch = StorageBatch(), group: String? = nil, deadline: WallTime? = nil,
        trace: TraceContext? = nil
    ) {
        self.batch = batch
        self.group = group
        self.deadline = deadline
        self.trace = trace
    }
}
