import Apus
import CSQLite
import Foundation

/// A connection that only reads, opened when it is needed and again when it has failed. It stays on the thread it was made on.
final class ReadingDesk {
    private let file: DatabaseFile
    private let limits: SQLiteReaderLimits
    private let guardian: ReadingGuardian
    private let meter: ReadingMeter
    private var opened: Connection?

    init(
        _ file: DatabaseFile, _ tables: Set<String>?, _ limits: SQLiteReaderLimits,
        now: @escaping @Sendable () -> Instant
    ) {
        self.file = file
        self.limits = limits
        guardian = ReadingGuardian(tables: tables)
        meter = ReadingMeter(limits, now: now)
    }

    func rows(of sql: String, _ values: [SQLiteValue], _ mark: CancellationMark) throws -> SQLiteTable {
        guard !sql.utf8.contains(0) else { throw SQLiteReaderError(.invalid, "it has a character that ends a text") }
        return try attempt(mark) { connection in
            let statement = try Statement(sql, on: connection)
            guard statement.parameterCount == values.count else {
                throw SQLiteReaderError(.invalid, "it takes \(statement.parameterCount) values and got \(values.count)")
            }
            for (index, value) in values.enumerated() { try value.bind(to: statement, at: Int32(index + 1)) }
            return try table(statement)
        }
    }

    func schema(_ mark: CancellationMark) throws -> String {
        try attempt(mark) { connection in
            var text = ""
            for (name, sql) in try tables(connection) where guardian.mayRead(name) && !name.hasPrefix("sqlite_") {
                text += sql + ";\n"
                if text.utf8.count > limits.bytes { return String(text.prefix(limits.bytes)) + "\n-- and more" }
            }
            return text
        }
    }

    /// All tables and views with the statements that made them. The list is not the asker's to read where only some tables are.
    private func tables(_ connection: Connection) throws(SQLiteFailure) -> [(name: String, sql: String)] {
        guardian.isOff = true
        defer { guardian.isOff = false }
        let statement = try Statement(
            "SELECT name, sql FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name", on: connection)
        var tables: [(name: String, sql: String)] = []
        while try statement.step() { tables.append((statement.text(0), statement.text(1))) }
        return tables
    }

    private func table(_ statement: Statement) throws -> SQLiteTable {
        let columns = (0..<statement.columnCount).map { statement.name(Int32($0)) }
        var table = SQLiteTable(columns: columns, rows: [], isCut: false)
        var size = columns.reduce(0) { $0 + $1.utf8.count }
        while try statement.step() {
            let row = columns.indices.map { JSON(statement, column: Int32($0)) }
            size += row.reduce(0) { $0 + $1.size }
            guard table.rows.count < limits.rows, size <= limits.bytes else {
                if table.rows.isEmpty, limits.rows > 0 {
                    throw SQLiteReaderError(.tooMuch, "its first row has more than \(limits.bytes) bytes")
                }
                table.isCut = true
                return table
            }
            table.rows.append(row)
        }
        return table
    }

    private func attempt<Value>(_ mark: CancellationMark, _ body: (Connection) throws -> Value) throws -> Value {
        if mark.isSet { throw CancellationError() }
        guardian.begin()
        meter.begin(mark)
        do {
            let connection = try connection()
            return try asOfNow(connection) { try body(connection) }
        } catch let failure as SQLiteFailure {
            if failure.isIO { opened = nil }
            if meter.verdict != nil, meter.isCancelled { throw CancellationError() }
            if failure.primary == SQLITE_INTERRUPT, let verdict = meter.verdict {
                throw SQLiteReaderError(.tooMuch, verdict)
            }
            if let refusal = guardian.refusal { throw SQLiteReaderError(.refused, refusal) }
            throw SQLiteReaderError(failure)
        } catch let error as StorageError {
            throw SQLiteReaderError(.unavailable, error.detail ?? error.code.rawValue)
        }
    }

    /// Calls `body` with the tables of one instant: what is checked is what is read, whatever others make meanwhile.
    private func asOfNow<Value>(_ connection: Connection, _ body: () throws -> Value) throws -> Value {
        guardian.isOff = true
        try connection.run("BEGIN")
        defer {
            guardian.isOff = true
            connection.rollBack()
            guardian.isOff = false
        }
        guardian.existing = Set(try tables(connection).map { $0.name.lowercased() })
        guardian.isOff = false
        return try body()
    }

    private func connection() throws -> Connection {
        if let opened { return opened }
        let connection = try file.openForQuestions()
        for (limit, value) in Self.bounds + [(SQLITE_LIMIT_LENGTH, limits.value)] {
            sqlite3_limit(connection.handle, limit, Int32(clamping: value))
        }
        meter.attend(connection.handle)
        guardian.attend(connection.handle)
        // Such a table comes into being when it is named first, which looks like a change; it stays for the connection's life.
        guardian.isOff = true
        for name in ["json_each", "json_tree"] + ReadingGuardian.pragmas.sorted().map({ "pragma_\($0)" }) {
            try? connection.run("SELECT 1 FROM \(name) LIMIT 0")
        }
        opened = connection
        return connection
    }

    /// How large a statement and what it is made of may be.
    private static let bounds: [(Int32, Int)] = [
        (SQLITE_LIMIT_SQL_LENGTH, 100_000), (SQLITE_LIMIT_EXPR_DEPTH, 200), (SQLITE_LIMIT_COMPOUND_SELECT, 100),
        (SQLITE_LIMIT_COLUMN, 1_000), (SQLITE_LIMIT_VDBE_OP, 100_000), (SQLITE_LIMIT_FUNCTION_ARG, 100),
        (SQLITE_LIMIT_ATTACHED, 0), (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000), (SQLITE_LIMIT_VARIABLE_NUMBER, 1_000),
        (SQLITE_LIMIT_TRIGGER_DEPTH, 1), (SQLITE_LIMIT_WORKER_THREADS, 0),
    ]
}

extension JSON {
    fileprivate init(_ statement: Statement, column: Int32) {
        switch SQLiteValue(statement, column: column) {
        case .null: self = .null
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .number(number)
        case .text(let text): self = .string(text)
        case .blob(let bytes): self = .string("(\(bytes.count) bytes)")
        }
    }

    fileprivate var size: Int { if case .string(let text) = self { text.utf8.count + 2 } else { 8 } }
}
