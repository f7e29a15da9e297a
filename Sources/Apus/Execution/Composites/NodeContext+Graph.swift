extension NodeContext {
    /// Runs a graph as part of this activation, and returns its final state.
    ///
    /// Its activations are named below this one, by `name` or the name of the graph, and are written down, watched and suspended as
    /// those of a subgraph are; so a node, or the body of a composite, can decide while it runs which graph to run, and how often.
    /// Names tell the graphs of one activation apart; using one twice throws ``JournalError/Code/duplicateName``. After a crash or a
    /// wait it goes on where it was; an attempt that follows a failed one runs it anew. The fingerprint of the graph around does not know
    /// of it.
    public func run<Inner: GraphState>(
        _ graph: Graph<Inner>, from state: Inner, named name: String? = nil
    ) async throws -> Inner {
        guard let core = site.services as? RunCore else { preconditionFailure("a graph runs inside a run") }
        let name = name ?? graph.name
        let place = ActivationID(activation.path + [ActivationID.Component(node: name)])
        if (extras?.ledger as? Ledger)?.use("/\(name)") == false {
            throw JournalError(.duplicateName, run: core.runID, activation: "\(activation)", detail: name)
        }
        if attempt > 1 { core.journal?.add(JournalRecord(.retried, "\(place)")) }
        return try await GraphRun(graph, core, prefix: place.path, scope: scope).run(from: state)
    }
}
