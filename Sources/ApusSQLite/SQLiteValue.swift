import CSQLite

/// A value in a statement or a row.
public enum SQLiteValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    init(_ statement: Statement, column: Int32) {
        switch statement.kind(column) {
        case SQLITE_INTEGER: self = .integer(statement.number(column))
        case SQLITE_FLOAT: self = .real(statement.real(column))
        case SQLITE_TEXT: self = .text(statement.text(column))
        case SQLITE_BLOB: self = .blob([UInt8](statement.bytes(column)))
        default: self = .null
        }
    }

    func bind(to statement: Statement, at index: Int32) throws(SQLiteFailure) {
        switch self {
        case .null: try statement.bindNull(at: index)
        case .integer(let number): try statement.bind(number, at: index)
        case .real(let number): try statement.bind(number, at: index)
        case .text(let text): try statement.bind(text, at: index)
        case .blob(let bytes): try statement.bind(bytes, at: index)
        }
    }
}

extension SQLiteValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByNilLiteral
{
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .real(value) }
    public init(stringLiteral value: String) { self = .text(value) }
    public init(nilLiteral: ()) { self = .null }
}
