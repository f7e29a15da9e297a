import Apus
import CSQLite

/// Statements of a caller that commit together with a batch.
///
/// Values are bound, never written into the text of a statement. Statements can't reach the entries of the storage, other databases or
/// the transaction itself. Using it after the body of ``SQLiteStorage/transact(_:)`` has returned throws `StorageError(.closed)`.
public final class SQLiteTransaction {
    private var connection: Connection?

    private init(_ connection: Connection) { self.connection = connection }

    /// Calls `body` with a transaction that ends when it returns.
    static func perform(
        _ body: (SQLiteTransaction) throws -> StorageBatch, on connection: Connection
    ) throws -> StorageBatch {
        let transaction = SQLiteTransaction(connection)
        defer { transaction.connection = nil }
        return try body(transaction)
    }

    /// Performs one statement with a value for each `?`; returns how many rows it changed.
    @discardableResult
    public func execute(_ sql: String, _ values: SQLiteValue...) throws -> Int {
        try step(sql, values) { connection, statement in
            while try statement.step() {}
            return Int(sqlite3_changes(connection.handle))
        }
    }

    /// The rows of one statement, with a value for each `?`.
    public func query(_ sql: String, _ values: SQLiteValue...) throws -> [SQLiteRow] {
        try step(sql, values) { _, statement in
            let columns = (0..<statement.columnCount).map { statement.name(Int32($0)) }
            var rows: [SQLiteRow] = []
            while try statement.step() {
                let values = columns.indices.map { SQLiteValue(statement, column: Int32($0)) }
                rows.append(SQLiteRow(columns: columns, values: values))
            }
            return rows
        }
    }

    private func step<Value>(
        _ sql: String, _ values: [SQLiteValue], _ body: (Connection, Statement) throws -> Value
    ) throws -> Value {
        guard let connection, connection.isInTransaction else {
            throw StorageError(.closed, detail: "the transaction has ended")
        }
        return try connection.guarded {
            do {
                let statement = try Statement(sql, on: connection)
                guard statement.parameterCount == values.count else {
                    let counts = "\(statement.parameterCount) values and got \(values.count)"
                    throw StorageError(.refused, detail: "the statement takes \(counts)")
                }
                for (index, value) in values.enumerated() { try value.bind(to: statement, at: Int32(index + 1)) }
                return try body(connection, statement)
            } catch {
                throw publicError(error)
            }
        }
    }
}

/// A row that a statement returned.
public struct SQLiteRow: Sendable, Hashable {
    public let columns: [String]
    public let values: [SQLiteValue]

    /// The value of the first column of that name; `nil` if there is none.
    public subscript(column: String) -> SQLiteValue? { columns.firstIndex(of: column).map { values[$0] } }
}
