/// Where the parts of a bus are stored.
struct EventKeys: Sendable {
    let root: StorageKey

    init(_ bus: String) { root = StorageKey("event", bus) }

    var log: StorageKey { root.appending("log") }
    func event(_ sequence: Int) -> StorageKey { log.appending(sequence) }
    func events(from first: Int, to end: Int? = nil) -> StorageRange {
        StorageRange(from: event(first), to: end.map(event) ?? StorageRange.below(log).upper)
    }

    /// The number that comes next, and the time of the last.
    var tail: StorageKey { root.appending("tail") }
    /// The first number that is kept, and how often somebody began to need what is kept.
    var first: StorageKey { root.appending("first") }
    /// There while an id counts as published.
    func id(_ id: String) -> StorageKey { root.appending("id").appending(id) }

    /// What was published with batches of others and has no number yet.
    var outbox: StorageKey { root.appending("outbox") }

    var cursors: StorageKey { root.appending("cursor") }
    func cursor(_ subscriber: String) -> StorageKey { cursors.appending(subscriber) }
    /// There while somebody serves the subscriber.
    func lease(_ subscriber: String) -> StorageKey { root.appending("lease").appending(subscriber) }

    func dead(_ subscriber: String) -> StorageKey { root.appending("dead").appending(subscriber) }
    func dead(_ subscriber: String, _ sequence: Int) -> StorageKey { dead(subscriber).appending(sequence) }
    /// Dead letters that are to be delivered once more.
    var allAgain: StorageKey { root.appending("again") }
    func again(_ subscriber: String) -> StorageKey { allAgain.appending(subscriber) }
    func again(_ subscriber: String, _ sequence: Int) -> StorageKey { again(subscriber).appending(sequence) }

    var models: StorageKey { root.appending("fold") }
    func model(_ name: String) -> StorageKey { models.appending(name) }
    func rows(_ name: String) -> StorageKey { root.appending("row").appending(name) }
    func rows(_ name: String, _ generation: Int) -> StorageKey { rows(name).appending(generation) }
}
