import Apus
/// A plain storage in memory, and one bug at a time.
final class PlantedStorage: Storage {
    struct Row: Sendable {
        var key: StorageKey
        var value: [UInt8]
        var expires: WallTime?
    }

    struct State: Sendable {
        var rows: [StorageKey: Row] = [:]
        var effects = 0
        /// How many commits are under way, and how many of them a conflict takes along.
        var underWay = 0
        var doomed = 0
        var beforeLast: [StorageKey: Row] = [:]
        var lastWrites: [StorageBatch.Write] = []
        var watchers: [(range: StorageRange, news: AsyncStream<Void>.Continuation)] = []
        var remembered: [StorageKey: StorageEntry] = [:]
        var isGone = false
    }

    /// Who asks whether an entry is there.
    enum Asker { case read, scan, precondition }

    let bug: StorageBug?
    let environment: any Environment
    let state = Guarded(State())

    init(_ bug: StorageBug?, environment: any Environment) {
        self.bug = bug
        self.environment = environment
    }

    func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] {
        if bug == .rememberedLate, keys.count == 1 { return [await remembering(keys[0])] }
        guard bug == .tornRead else { return state.withLock { state in keys.map { entry(at: $0, state, .read) } } }
        var entries: [StorageEntry?] = []
        for key in keys {
            entries.append(state.withLock { entry(at: key, $0, .read) })
            await Task.yield()
        }
        return entries
    }

    /// Remembers what it has read, though somebody may have written it since.
    private func remembering(_ key: StorageKey) async -> StorageEntry? {
        if let known = state.withLock({ $0.remembered[key] }) { return known }
        let found = state.withLock { entry(at: key, $0, .read) }
        await Task.yield()
        state.withLock { $0.remembered[key] = found }
        return found
    }

    func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        let found = state.withLock { self.entries(in: range, limit, $0) }
        guard bug == .tornScan else { return found }
        var entries: [StorageEntry] = []
        for entry in found {
            await Task.yield()
            if let entry = state.withLock({ self.entry(at: entry.key, $0, .read) }) { entries.append(entry) }
        }
        return entries
    }

    func entry(at key: StorageKey, _ state: State, _ asker: Asker) -> StorageEntry? {
        guard let row = state.rows[stored(key)], isLive(row, asker) else { return nil }
        return StorageEntry(key, row.value)
    }

    private func entries(in range: StorageRange, _ limit: Int, _ state: State) -> [StorageEntry] {
        let isAscending = !range.isDescending || bug == .descendingTakesFirst
        let rows = state.rows.values.filter { contains(range, $0.key) }.sorted {
            isBefore($0.key, $1.key) == isAscending
        }
        let limit = bug == .limitOffByOne && limit > 1 && limit < .max ? limit + 1 : limit
        let live =
            bug == .expiredCounts
            ? Array(rows.prefix(limit)).filter { isLive($0, .scan) }
            : Array(rows.filter { isLive($0, .scan) }.prefix(limit))
        let turned = range.isDescending && bug == .descendingTakesFirst ? live.reversed() : live
        return turned.map { StorageEntry($0.key, $0.value) }
    }

    private func contains(_ range: StorageRange, _ key: StorageKey) -> Bool {
        if range.contains(key) { return bug != .openRangeEndsEarly || range.upper != nil || key.bytes.first != 0xFF }
        guard key == range.upper, key > range.lower else { return false }
        return bug == .upperBoundScanned || bug == .descendingRepeats && range.isDescending
    }

    private func isBefore(_ left: StorageKey, _ right: StorageKey) -> Bool {
        switch bug {
        case .signedBytes:
            left.bytes.map { Int8(bitPattern: $0) }.lexicographicallyPrecedes(right.bytes.map { Int8(bitPattern: $0) })
        case .shortKeysFirst: (left.bytes.count, left) < (right.bytes.count, right)
        default: left < right
        }
    }

    private func isLive(_ row: Row, _ asker: Asker) -> Bool {
        guard let expires = row.expires else { return true }
        let now = environment.now().wallTime
        switch (bug, asker) {
        case (.expiredRead, .read), (.expiredScanned, .scan), (.expiredHolds, .precondition): return true
        case (.expiryOneLate, _): return now <= expires
        default: return now < expires
        }
    }

    func stored(_ key: StorageKey) -> StorageKey {
        switch bug {
        case .keysAsText: StorageKey(bytes: Array(String(decoding: key.bytes, as: UTF8.self).utf8))
        case .keysEndAtZero: StorageKey(bytes: Array(key.bytes.prefix { $0 != 0 }))
        case .keysWithoutCase: StorageKey(bytes: key.bytes.map { (65...90).contains($0) ? $0 + 32 : $0 })
        default: key
        }
    }
}
