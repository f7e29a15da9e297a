/// Runs that another version of the graph began.
extension DurableRun {
    /// How the run goes on in this graph, if its graph is another one that it can be migrated from.
    func migration(of head: RunHead, _ past: RunPast) -> VersionPolicy<State>.Step? {
        if head.fingerprint == graph.fingerprint || past.ended != nil || past.undoing != nil { return nil }
        return versions.steps.first { $0.fingerprint == head.fingerprint }
    }

    /// Lets the run begin anew in this graph, in one commit.
    func migrate(_ head: RunHead, _ step: VersionPolicy<State>.Step) async throws -> Migration<State> {
        let excerpt = try await JournalReader(journal.storage, journal.run).excerpt()
        if let damage = excerpt.damage { throw damage }
        let json: [UInt8]
        let next: Migration<State>
        do {
            next = try step.migrate(journal.run, excerpt, core.environment)
            json = try JSONCoding.encode(next.state)
        } catch {
            throw JournalError(
                .otherGraph, run: journal.run, detail: "its migration from \(head.fingerprint) failed: \(error)")
        }
        if let entry = next.entry, !graph.entries.contains(entry) {
            throw JournalError(
                .otherGraph, run: journal.run, detail: "it was migrated to the entry \"\(entry)\", which there is not")
        }
        var batch = outline(after: head.fingerprint) ?? StorageBatch()
        batch.delete(.below(RunKeys.questions(journal.run)))
        batch.delete(.below(RunKeys.awaiting(journal.run)))
        journal.add(JournalRecord(.began, name: graph.name, value: json, note: next.entry), with: batch)
        try await journal.claim(
            head, as: executor.worker, under: graph.fingerprint, trace: core.continueTrace(after: head.trace))
        return next
    }

    /// What is to be stored of the graph, so that a later version of it can tell how it differs: once from each process, and where a
    /// run of another one goes on with it.
    func outline(after fingerprint: String?) -> StorageBatch? {
        let isKnown = fingerprint.map { $0 == graph.fingerprint } ?? executor.outlines.isNoted(graph.fingerprint)
        guard !isKnown, let json = try? JSONCoding.encode(graph.outline) else { return nil }
        var batch = StorageBatch()
        batch.put(json, at: RunKeys.graph(graph.name, graph.fingerprint))
        return batch
    }

    /// Why a run of another graph is refused.
    func outdated(_ head: RunHead) async -> JournalError {
        let stored = try? await journal.storage.read([RunKeys.graph(head.graph, head.fingerprint)])[0]
        let old = stored.flatMap { try? JSONCoding.decode(GraphOutline.self, from: $0.value) }
        let difference = old.map { GraphDifference(from: $0, to: graph.outline).description }
        return JournalError(
            .otherGraph, run: journal.run, detail: difference ?? "\(head.fingerprint) is not \(graph.fingerprint)")
    }
}
