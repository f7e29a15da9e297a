import Apus

actor DictionaryStorage: Storage {
    private let environment: any Environment
    private var rows: [StorageKey: (value: [UInt8], expires: WallTime)] = [:]

    init(environment: any Environment = .live) { self.environment = environment }

    func read(_ keys: [StorageKey]) -> [StorageEntry?] {
        removeExpired()
        return keys.map { key in rows[key].map { StorageEntry(key, $0.value) } }
    }

    func scan(_ range: StorageRange, limit: Int) -> [StorageEntry] {
        removeExpired()
        let inside = rows.filter { range.contains($0.key) }.sorted { ($0.key < $1.key) != range.isDescending }
        return inside.prefix(limit).map { StorageEntry($0.key, $0.value.value) }
    }

    func commit(_ batch: StorageBatch) throws {
        removeExpired()
        for precondition in batch.preconditions where !holds(precondition) {
            throw StorageError(.conflict, key: precondition.key)
        }
        for write in batch.writes {
            switch write {
            case .put(let key, let value, let expires): rows[key] = (value, expires ?? WallTime(milliseconds: .max))
            case .delete(let key): rows[key] = nil
            case .deleteRange(let range): rows = rows.filter { !range.contains($0.key) }
            }
        }
    }

    private func holds(_ precondition: StorageBatch.Precondition) -> Bool {
        switch precondition {
        case .absent(let key): rows[key] == nil
        case .present(let key): rows[key] != nil
        case .holds(let key, let value): rows[key]?.value == value
        }
    }

    private func removeExpired() {
        let now = environment.now().wallTime
        rows = rows.filter { now < $0.value.expires }
    }
}
