/// Listing runs.
extension Engine {
    /// The runs in a status, `limit` at most, the newest first; without a `graph` those of each graph together, in the order of their
    /// names from the last to the first. `created` leaves out what began before or behind it. `after` is the last run of the page before.
    public func runs(
        _ status: RunHead.Status, of graph: String? = nil, created: Range<WallTime>? = nil, after last: RunHead? = nil,
        limit: Int = 100
    ) async throws -> [RunHead] {
        let places = RunKeys.index(status)
        var range = StorageRange.below(graph.map { places.appending($0) } ?? places).descending
        if let last { range = range.after(RunKeys.index(last)) }
        var found: [RunID] = []
        pages: while found.count < limit {
            let asked = limit - found.count
            let entries = try await storage.scanPastDamage(range, limit: asked)
            for entry in entries {
                guard let place = IndexPlace(entry.key) else { continue }
                if let created, !created.contains(place.created) {
                    let others = places.appending(place.graph)
                    let isLate = place.created >= created.upperBound
                    range.upper = isLate ? RunKeys.moment(created.upperBound, below: others) : others
                    continue pages
                }
                found.append(place.run)
            }
            guard entries.count == asked, let end = entries.last else { break }
            range = range.after(end.key)
        }
        return try await heads(of: found)
    }

    /// The heads of runs; one whose head is damaged is set aside.
    private func heads(of runs: [RunID]) async throws -> [RunHead] {
        do {
            let entries = try await storage.read(runs.map { RunKeys.head($0) })
            return try zip(runs, entries).compactMap { run, entry in try entry.map { try RunHead($0, id: run) } }
        } catch  where (error as? JournalError)?.code == .damaged || (error as? StorageError)?.code == .corrupt {
            var heads: [RunHead] = []
            for run in runs {
                do {
                    if let head = try await status(of: run) { heads.append(head) }
                } catch let error as JournalError where error.code == .damaged {
                    await setAside(run, error)
                }
            }
            return heads
        }
    }
}

/// What a key of the index says.
struct IndexPlace {
    var graph: String
    var created: WallTime
    var run: RunID

    init?(_ key: StorageKey) {
        let parts = key.parts
        guard parts.count == 5, let milliseconds = StorageKey.number(parts[3]) else { return nil }
        graph = parts[2]
        created = WallTime(milliseconds: Int64(clamping: milliseconds))
        run = RunID(parts[4])
    }
}
