/// Forgetting runs that have ended.
extension Engine {
    /// Removes everything that is stored of a run that has ended, so that its id is free; returns whether there was one.
    ///
    /// Throws ``JournalError/Code/notFree`` while it has not ended.
    @discardableResult
    public func remove(_ run: RunID) async throws -> Bool {
        guard let entry = try await storage.read([RunKeys.head(run)])[0] else { return false }
        let head = try RunHead(entry, id: run)
        guard head.status.isTerminal else {
            throw JournalError(.notFree, run: run, detail: "it is \(head.status.rawValue); cancel it first")
        }
        var batch = StorageBatch()
        batch.require(.holds(entry.key, entry.value))
        for key in [RunKeys.head(run), RunKeys.index(head), RunKeys.snapshot(run)] { batch.delete(key) }
        for key in RunKeys.parts(run) { batch.delete(.below(key)) }
        do {
            try await storage.commit(batch)
        } catch let error as StorageError where error.code == .conflict {
            throw JournalError(.notFree, run: run)
        }
        return true
    }

    /// Removes runs as ``Retention/ended`` says, until the task is cancelled.
    func removals() async {
        guard let time = options.retention.ended else { return }
        repeat {
            let moment = environment.now().wallTime.advanced(by: .zero - time)
            for status in RunHead.Status.allCases where status.isTerminal {
                // What can't be removed now is looked at the next time.
                try? await remove(status, endedBefore: moment)
            }
        } while (try? await environment.sleep(for: max(options.poll, time / 10))) != nil
    }

    /// What ended before a moment began before it, and the index of each graph is in the order in which runs began.
    private func remove(_ status: RunHead.Status, endedBefore moment: WallTime) async throws {
        let places = RunKeys.index(status)
        var graphs = StorageRange.below(places)
        while let place = try await storage.scan(graphs, limit: 1).first.flatMap({ IndexPlace($0.key) }) {
            let graph = places.appending(place.graph)
            let range = StorageRange(
                from: StorageRange.below(graph).lower, to: RunKeys.moment(moment, below: graph))
            try await storage.each(in: range) { key, _ in
                guard let run = IndexPlace(key)?.run, let head = try await JournalReader(storage, run).soundHead(),
                    head.status == status, head.updated < moment
                else { return }
                do { try await remove(run) } catch let error as JournalError where error.code == .notFree {}
            }
            graphs = StorageRange(from: RunKeys.end(of: graph), to: graphs.upper)
        }
    }
}
