import CSQLite

/// Says what a statement may name: tables to read, functions that compute, pragmas that tell how a table is made.
final class ReadingGuardian {
    /// The tables that may be read, in lower case; `nil` is all.
    private let tables: Set<String>?
    /// While the reader looks around for itself.
    var isOff = false
    /// The tables and views that there are, in lower case. A name that is none of them is one that a statement gave to a part of itself.
    var existing: Set<String> = []
    /// What it said no to last, in words.
    private(set) var refusal: String?

    /// Functions that reach beyond the values they are given.
    private static let functions: Set = [
        "load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", "sqlite_compileoption_get",
        "sqlite_compileoption_used",
    ]
    /// Tables that show the file rather than what is in it.
    private static let internals: Set = ["sqlite_dbpage", "dbstat", "sqlite_stmt", "bytecode", "tables_used", "fsdir"]
    /// Pragmas that tell how a table or an index is made; they are tables, too.
    static let pragmas: Set = [
        "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list",
    ]

    init(tables: Set<String>?) { self.tables = tables.map { Set($0.map { $0.lowercased() }) } }

    func begin() { refusal = nil }

    func mayRead(_ table: String) -> Bool {
        let name = table.lowercased()
        if Self.internals.contains(name) { return false }
        guard let tables else { return true }
        if tables.contains(name) { return true }
        // A table that is a pragma is asked about again by the name of that and what it is about.
        if name.hasPrefix("pragma_") { return Self.pragmas.contains(String(name.dropFirst("pragma_".count))) }
        return !existing.contains(name) && !name.hasPrefix("sqlite_")
    }

    /// SQLite also names the view that an access comes from; but a part of a statement can call itself by a view's name.
    private func allows(_ action: Int32, _ first: String, _ second: String) -> Bool {
        if isOff { return true }
        switch action {
        case SQLITE_SELECT, SQLITE_RECURSIVE: return true
        case SQLITE_READ:
            return note("the table \(first) may not be read", mayRead(first))
        case SQLITE_FUNCTION:
            return note("the function \(second) may not be called", !Self.functions.contains(second.lowercased()))
        case SQLITE_PRAGMA:
            let isPlain =
                Self.pragmas.contains(first.lowercased()) && tables?.contains(second.lowercased()) ?? true
            return note("the pragma \(first) may not be used", isPlain)
        case SQLITE_ATTACH, SQLITE_DETACH: return note("no other database may be opened", false)
        case SQLITE_TRANSACTION, SQLITE_SAVEPOINT: return note("there are no transactions", false)
        default: return note("it changes something", false)
        }
    }

    private func note(_ words: String, _ isAllowed: Bool) -> Bool {
        if !isAllowed { refusal = words }
        return isAllowed
    }

    /// Lets the connection ask this object, which has to live as long as it does.
    func attend(_ connection: OpaquePointer) {
        sqlite3_set_authorizer(
            connection,
            { context, action, first, second, _, _ in
                guard let context else { return SQLITE_DENY }
                let guardian = Unmanaged<ReadingGuardian>.fromOpaque(context).takeUnretainedValue()
                let names = (first.map { String(cString: $0) } ?? "", second.map { String(cString: $0) } ?? "")
                return guardian.allows(action, names.0, names.1) ? SQLITE_OK : SQLITE_DENY
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}
