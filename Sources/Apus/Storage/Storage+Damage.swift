extension Storage {
    /// A scan that steps over damaged entries and names them, so that one does not hide the others.
    package func scanPastDamage(
        _ range: StorageRange, limit: Int
    ) async throws -> [(key: StorageKey, value: [UInt8]?)] {
        var (range, found) = (range, [(key: StorageKey, value: [UInt8]?)]())
        while found.count < limit {
            do {
                return found + (try await scan(range, limit: limit - found.count)).map { ($0.key, $0.value) }
            } catch let error as StorageError where error.code == .corrupt {
                guard let key = error.key, range.contains(key) else { throw error }
                let before = try await scan(range.before(key), limit: limit - found.count)
                found += before.map { ($0.key, $0.value) }
                if found.count < limit { found.append((key, nil)) }
                range = range.after(key)
            }
        }
        return found
    }

    /// Goes through all of a range, page by page; a damaged entry has no value.
    package func each(
        in range: StorageRange, page: Int = 256, _ body: (StorageKey, [UInt8]?) async throws -> Void
    ) async throws {
        var range = range
        while true {
            let entries = try await scanPastDamage(range, limit: page)
            for entry in entries { try await body(entry.key, entry.value) }
            guard entries.count == page, let last = entries.last else { return }
            range = range.after(last.key)
        }
    }
}
