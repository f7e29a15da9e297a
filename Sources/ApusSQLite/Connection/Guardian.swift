import CSQLite

/// Keeps the statements of a caller from the entries, from the transaction they are part of and from other databases.
final class Guardian {
    var isWatching = false

    static let tables = RunViews.names.union([
        "entry", "entry_expires", "sqlite_autoindex_entry_1", "apus", "readable",
    ])

    private func allows(_ action: Int32, _ first: String, _ second: String) -> Bool {
        guard isWatching else { return true }
        switch action {
        case SQLITE_ATTACH, SQLITE_DETACH, SQLITE_PRAGMA, SQLITE_TRANSACTION, SQLITE_SAVEPOINT: return false
        case SQLITE_SELECT, SQLITE_READ, SQLITE_FUNCTION, SQLITE_RECURSIVE: return true
        // The name of a table comes first or second, depending on the action.
        default: return !Self.tables.contains(first.lowercased()) && !Self.tables.contains(second.lowercased())
        }
    }

    /// Lets the connection ask this object, which has to live as long as it does.
    func attend(_ connection: OpaquePointer) {
        sqlite3_set_authorizer(
            connection,
            { context, action, first, second, _, _ in
                guard let context else { return SQLITE_DENY }
                let guardian = Unmanaged<Guardian>.fromOpaque(context).takeUnretainedValue()
                guard guardian.isWatching else { return SQLITE_OK }
                let names = (first.map { String(cString: $0) } ?? "", second.map { String(cString: $0) } ?? "")
                return guardian.allows(action, names.0, names.1) ? SQLITE_OK : SQLITE_DENY
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}
