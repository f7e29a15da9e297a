import CSQLite

/// Why a question was not answered, in words by which it can be asked better.
public struct SQLiteReaderError: Error, Hashable, Sendable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Hashable, Sendable {
        /// The statement does what a reader may not.
        case refused
        /// It is no statement of SQL, or does not fit the tables.
        case invalid
        /// It took more than ``SQLiteReaderLimits`` allow.
        case tooMuch
        /// The file can't be read.
        case unavailable
    }

    public var code: Code
    /// What SQLite said, or which limit it was.
    public var detail: String

    public init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    init(_ failure: SQLiteFailure) {
        let code: Code =
            switch failure.primary {
            case SQLITE_AUTH, SQLITE_READONLY, SQLITE_PERM: .refused
            case SQLITE_TOOBIG, SQLITE_NOMEM, SQLITE_INTERRUPT: .tooMuch
            case SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_BUSY, SQLITE_LOCKED: .unavailable
            default: .invalid
            }
        self.init(code, failure.message)
    }

    public var description: String {
        switch code {
        case .refused: "This database can only be read, by one SELECT at a time: \(detail)."
        case .invalid: "The statement has no answer: \(detail)."
        case .tooMuch: "The statement is too costly: \(detail). Ask for less."
        case .unavailable: "The database can't be read: \(detail)."
        }
    }
}
