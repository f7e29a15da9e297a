import Apus
import Synchronization

final class DictionaryStorage: Storage {
    private typealias Row = (value: [UInt8], expires: WallTime)

    private let environment: any Environment
    private let rows = Mutex<[StorageKey: Row]>([:])

    init(environment: any Environment = .live) { self.environment = environment }

    func read(_ keys: [StorageKey]) async throws -> [StorageEntry?] {
        let rows = living()
        return keys.map { key in rows[key].map { StorageEntry(key, $0.value) } }
    }

    func scan(_ range: StorageRange, limit: Int) async throws -> [StorageEntry] {
        let rows = living().filter { range.contains($0.key) }.sorted { ($0.key < $1.key) != range.isDescending }
        return rows.prefix(limit).map { StorageEntry($0.key, $0.value.value) }
    }

    func commit(_ batch: StorageBatch) async throws {
        let now = environment.now().wallTime
        try rows.withLock { rows in
            rows = rows.filter { now < $0.value.expires }
            for precondition in batch.preconditions {
                let value = rows[precondition.key]?.value
                let holds =
                    switch precondition {
                    case .absent: value == nil
                    case .present: value != nil
                    case .holds(_, let wanted): value == wanted
                    }
                if !holds { throw StorageError(.conflict, key: precondition.key) }
            }
            for write in batch.writes {
                switch write {
                case .put(let key, let value, let expires):
                    rows[key] = (value, expires ?? WallTime(milliseconds: .max))
                case .delete(let key): rows[key] = nil
                case .deleteRange(let range): rows = rows.filter { !range.contains($0.key) }
                }
            }
        }
    }

    private func living() -> [StorageKey: Row] {
        let now = environment.now().wallTime
        return rows.withLock { $0 }.filter { now < $0.value.expires }
    }
}
