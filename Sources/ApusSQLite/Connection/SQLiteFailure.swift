import Apus
import CSQLite

/// What SQLite answered instead of doing what it was asked.
struct SQLiteFailure: Error {
    /// Its extended result code.
    var code: Int32
    var message: String

    var primary: Int32 { code & 0xFF }
    /// Whether a file could not be read, written or synchronised, so that the connection is not to be trusted any more.
    var isIO: Bool { primary == SQLITE_IOERR }

    /// The same in the words of the core. Nothing was written.
    var storageError: StorageError {
        let detail = "SQLite says \"\(message)\" (\(code))"
        switch primary {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL:
            return StorageError(.unavailable, detail: "another process holds the database too long; " + detail)
        case SQLITE_IOERR, SQLITE_NOMEM, SQLITE_INTERRUPT, SQLITE_CANTOPEN:
            return StorageError(.unavailable, detail: detail)
        case SQLITE_FULL: return StorageError(.full, detail: detail)
        case SQLITE_CORRUPT: return StorageError(.corrupt, detail: detail)
        case SQLITE_NOTADB: return StorageError(.incompatible, detail: "it is not an SQLite database; " + detail)
        case SQLITE_TOOBIG: return StorageError(.tooLarge, detail: detail)
        default: return StorageError(.refused, detail: detail)
        }
    }
}

/// The error that a caller gets for whatever was thrown on a thread of the storage.
func publicError(_ error: any Error) -> any Error { (error as? SQLiteFailure)?.storageError ?? error }
