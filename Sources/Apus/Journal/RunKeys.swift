/// Where the parts of runs are stored.
package enum RunKeys {
    /// What is known of a run without its journal.
    package static func head(_ run: RunID) -> StorageKey { StorageKey("run", run) }
    package static let heads = StorageKey("run")

    package static func journal(_ run: RunID) -> StorageKey { StorageKey("journal", run) }
    package static func frame(_ run: RunID, _ sequence: Int) -> StorageKey { StorageKey("journal", run, sequence) }
    package static func frames(_ run: RunID, before sequence: Int) -> StorageRange {
        StorageRange(from: frame(run, 0), to: frame(run, sequence))
    }
    package static func snapshot(_ run: RunID) -> StorageKey { StorageKey("snapshot", run) }

    /// All runs of one status, by graph and by when they were created.
    package static func index(_ status: RunHead.Status) -> StorageKey { StorageKey("index", status.rawValue) }
    package static func index(_ head: RunHead) -> StorageKey {
        StorageKey("index", head.status.rawValue, head.graph, UInt64(max(0, head.created.milliseconds)), head.id)
    }

    /// Where runs that were created at a moment begin, among those of one status and graph.
    package static func moment(_ moment: WallTime, below key: StorageKey) -> StorageKey {
        key.appending(UInt64(max(0, moment.milliseconds)))
    }
    /// Where everything below a key ends.
    package static func end(of key: StorageKey) -> StorageKey { StorageRange.below(key).upper ?? key }

    /// What there may be of a run besides its head and its places in indexes.
    package static func parts(_ run: RunID) -> [StorageKey] {
        [journal(run), questions(run), inbox(run), kept(run), awaiting(run), unsettled(run), beats(run)]
    }

    /// What graphs looked like.
    package static func graph(_ name: String, _ fingerprint: String) -> StorageKey {
        StorageKey("graph", name, fingerprint)
    }

    /// The open questions of a run.
    package static func questions(_ run: RunID) -> StorageKey { StorageKey("question", run) }
    package static func question(_ run: RunID, _ id: String) -> StorageKey { StorageKey("question", run, id) }
    package static let allQuestions = StorageKey("question")

    /// When runs that wait are to be woken.
    package static let timers = StorageKey("timer")
    package static func timer(_ run: RunID, _ due: WallTime) -> StorageKey {
        StorageKey("timer", UInt64(max(0, due.milliseconds)), run)
    }

    /// What was sent to runs and not yet taken in.
    package static let allInboxes = StorageKey("inbox")
    package static func inbox(_ run: RunID) -> StorageKey { StorageKey("inbox", run) }
    package static func letter(_ run: RunID, _ id: String) -> StorageKey { StorageKey("inbox", run, id) }

    /// What a worker took out of the inbox, and no node has waited for yet.
    package static func kept(_ run: RunID) -> StorageKey { StorageKey("kept", run) }
    package static func kept(_ run: RunID, _ id: String) -> StorageKey { StorageKey("kept", run, id) }

    /// There while a node of the run waits for a signal.
    package static func awaiting(_ run: RunID) -> StorageKey { StorageKey("await", run) }
    package static func awaited(_ run: RunID, _ signal: String) -> StorageKey { StorageKey("await", run, signal) }

    /// The runs of a group that have ended, until whoever began them has seen it.
    package static func ended(_ group: String) -> StorageKey { StorageKey("ended", group) }
    package static func ended(_ group: String, _ run: RunID) -> StorageKey { StorageKey("ended", group, run) }

    /// What a run could not take back, and nobody has settled.
    package static let allUnsettled = StorageKey("unsettled")
    package static func unsettled(_ run: RunID) -> StorageKey { StorageKey("unsettled", run) }
    package static func unsettled(_ run: RunID, _ id: String) -> StorageKey { StorageKey("unsettled", run, id) }

    /// What activations under way said last of how far they are.
    package static func beats(_ run: RunID) -> StorageKey { StorageKey("beat", run) }
    package static func beat(_ run: RunID, _ activation: String) -> StorageKey { StorageKey("beat", run, activation) }

    /// There as long as a worker is alive.
    package static func worker(_ id: String) -> StorageKey { StorageKey("worker", id) }
}
