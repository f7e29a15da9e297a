import CSQLite

/// Something that changes a file.
enum FaultyOperation {
    case write(ArraySlice<UInt8>, Int64)
    case truncate(Int64)
    case synchronise

    /// How SQLite's layer says that it failed: SQLITE_IOERR with what it was.
    var failure: Int32 {
        switch self {
        case .write: SQLITE_IOERR | 3 << 8
        case .synchronise: SQLITE_IOERR | 4 << 8
        case .truncate: SQLITE_IOERR | 6 << 8
        }
    }
}
