/// What a ``CachedStorage`` knows, and when it may say so.
///
/// Entries live in two generations. When the young one is full it becomes the old one, and what nobody asked for since then goes.
struct CacheTable: Sendable {
    /// A read that is under way, whose answer may be kept if nothing was written to its keys meanwhile.
    struct Fill: Sendable {
        var id: UInt64
        var keys: [StorageKey]
    }

    private struct Slot: Sendable {
        enum Content: Sendable {
            case value([UInt8]?)
            /// It was written, and not read since.
            case unknown
        }

        var content: Content
        /// When the entry expires, if that was seen.
        var expires: WallTime?
        /// When it was read, on the monotonic clock.
        var read: Instant
    }

    private let generation: Int
    private let staleness: Duration
    private var young: [StorageKey: Slot] = [:]
    private var old: [StorageKey: Slot] = [:]
    private var fills: [Fill] = []
    private var commits: [(id: UInt64, writes: [StorageBatch.Write])] = []
    /// How many commits that are under way write each key.
    private var busy: [StorageKey: Int] = [:]
    /// The ranges that commits under way delete.
    private var busyRanges: [StorageRange] = []
    /// Ranges of which somebody tells when they change.
    private var followed: [(id: UInt64, range: StorageRange)] = []
    private var lastID: UInt64 = 0

    init(limit: Int, staleness: Duration) {
        generation = max(1, limit / 2)
        self.staleness = staleness
    }

    /// The entries at `keys` if all of them are known.
    mutating func entries(at keys: [StorageKey], _ now: Instant) -> [StorageEntry?]? {
        var entries: [StorageEntry?] = []
        for key in keys {
            guard !isBusy(key), let slot = slot(at: key), case .value(let value) = slot.content else { return nil }
            let isFresh = slot.read.duration(to: now) < staleness || followed.contains { $0.range.contains(key) }
            guard isFresh, slot.expires.map({ now.wallTime < $0 }) ?? true else { return nil }
            entries.append(value.map { StorageEntry(key, $0) })
        }
        return entries
    }

    /// Begins a read of the storage itself.
    mutating func beginFill(_ keys: [StorageKey]) -> UInt64 {
        let id = nextID()
        fills.append(Fill(id: id, keys: keys.filter { !isBusy($0) }))
        return id
    }

    /// Ends a read; what was not written meanwhile is kept. `nil` for a read that failed.
    mutating func endFill(_ id: UInt64, with entries: [StorageEntry?]?, _ keys: [StorageKey], _ now: Instant) {
        guard let index = fills.firstIndex(where: { $0.id == id }) else { return }
        let clean = Set(fills.remove(at: index).keys)
        guard let entries else { return }
        for (key, entry) in zip(keys, entries) where clean.contains(key) {
            keep(Slot(content: .value(entry?.value), expires: slot(at: key)?.expires, read: now), at: key)
        }
    }

    /// Notes that `writes` may be applied from now on: what they touch is neither known nor kept until ``endCommit(_:_:)``.
    mutating func beginCommit(_ writes: [StorageBatch.Write]) -> UInt64 {
        let id = nextID()
        for write in writes {
            forget(write)
            switch write {
            case .put(let key, _, _), .delete(let key): busy[key, default: 0] += 1
            case .deleteRange(let range): busyRanges.append(range)
            }
        }
        commits.append((id, writes))
        return id
    }

    mutating func endCommit(_ id: UInt64, _ now: Instant) {
        guard let index = commits.firstIndex(where: { $0.id == id }) else { return }
        for write in commits.remove(at: index).writes {
            forget(write)
            switch write {
            case .put(let key, _, _), .delete(let key): busy[key] = busy[key].flatMap { $0 > 1 ? $0 - 1 : nil }
            case .deleteRange(let range): busyRanges.firstIndex(of: range).map { _ = busyRanges.remove(at: $0) }
            }
            if case .put(let key, _, let expires?) = write {
                keep(Slot(content: .unknown, expires: expires, read: now), at: key)
            }
        }
    }

    mutating func beginFollowing(_ range: StorageRange) -> UInt64 {
        let id = nextID()
        followed.append((id, range))
        return id
    }

    mutating func endFollowing(_ id: UInt64) { followed.removeAll { $0.id == id } }

    mutating func forget(_ range: StorageRange) {
        young = young.filter { !range.contains($0.key) }
        old = old.filter { !range.contains($0.key) }
        for index in fills.indices { fills[index].keys.removeAll(where: range.contains) }
    }

    private mutating func forget(_ write: StorageBatch.Write) {
        switch write {
        case .put(let key, _, _), .delete(let key):
            young[key] = nil
            old[key] = nil
            for index in fills.indices { fills[index].keys.removeAll { $0 == key } }
        case .deleteRange(let range): forget(range)
        }
    }

    private func isBusy(_ key: StorageKey) -> Bool {
        busy[key] != nil || busyRanges.contains { $0.contains(key) }
    }

    private mutating func slot(at key: StorageKey) -> Slot? {
        if let slot = young[key] { return slot }
        guard let slot = old.removeValue(forKey: key) else { return nil }
        keep(slot, at: key)
        return slot
    }

    private mutating func keep(_ slot: Slot, at key: StorageKey) {
        old[key] = nil
        if young.count >= generation, young[key] == nil {
            old = young
            young = [:]
        }
        young[key] = slot
    }

    private mutating func nextID() -> UInt64 {
        lastID += 1
        return lastID
    }
}
