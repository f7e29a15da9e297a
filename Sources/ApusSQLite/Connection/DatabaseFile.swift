import Apus
import CSQLite
import Foundation

/// Where a database stands, and how connections to it are opened.
struct DatabaseFile: Sendable {
    /// `nil` for a database in memory, which has one connection and ends with it.
    let path: String?
    let options: SQLiteOptions
    let random: @Sendable () -> UInt64

    /// The name that SQLite gets. A path never looks like an address of its own making, such as `:memory:` or `file:`.
    private var name: String {
        guard let path else { return ":memory:" }
        return path.hasPrefix("/") ? path : "./" + path
    }

    /// Opens the one connection that writes, and makes the file what this version needs.
    func openForWriting() throws -> Connection {
        guard sqlite3_threadsafe() != 0 else {
            throw StorageError(.refused, detail: "this SQLite library was built for programs of one thread")
        }
        if let path { try prepare(path) }
        let connection = try open(SQLITE_OPEN_READWRITE | (path == nil ? SQLITE_OPEN_MEMORY : 0))
        do {
            try Schema.prepare(connection, isInMemory: path == nil)
            try connection.run("PRAGMA synchronous = \(options.synchronous.rawValue)")
            // Elsewhere than on Darwin these change nothing: there a plain fsync leaves data in the drive's cache.
            try connection.run("PRAGMA fullfsync = ON")
            try connection.run("PRAGMA checkpoint_fullfsync = ON")
            try connection.run("PRAGMA journal_size_limit = \(64 << 20)")
            try connection.run("PRAGMA cache_size = -\(options.cacheKilobytes)")
        } catch let failure as SQLiteFailure {
            throw refusal(failure)
        }
        return connection
    }

    /// Opens a connection that only reads.
    func openForReading() throws -> Connection {
        do {
            let connection = try open(SQLITE_OPEN_READWRITE)
            try connection.run("PRAGMA query_only = ON")
            try connection.run("PRAGMA cache_size = -\(options.cacheKilobytes)")
            // Only the writer copies the log back, so that two connections of one process never do so at once.
            sqlite3_wal_autocheckpoint(connection.handle, 0)
            return connection
        } catch let failure as SQLiteFailure {
            throw refusal(failure)
        }
    }

    /// Opens a file of anybody's for statements that nobody vouches for.
    func openForQuestions() throws -> Connection {
        do {
            let connection = try open(SQLITE_OPEN_READONLY)
            for statement in ["query_only = ON", "temp_store = MEMORY", "mmap_size = 0"] {
                try connection.run("PRAGMA \(statement)")
            }
            for option in [
                SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_DQS_DML,
            ] {
                _ = csqlite_set_option(connection.handle, option, 0)
            }
            return connection
        } catch let failure as SQLiteFailure {
            throw refusal(failure)
        }
    }

    /// Opens a file that is there and has nothing in it yet.
    func openEmpty() throws -> Connection { try open(SQLITE_OPEN_READWRITE) }

    private func open(_ flags: Int32) throws -> Connection {
        do {
            let patience = Patience(limit: options.busyTimeout, random: random)
            let connection = try Connection(name, flags: flags, vfs: options.vfs, patience: patience)
            try connection.run("PRAGMA cell_size_check = ON")
            return connection
        } catch {
            throw refusal(error)
        }
    }

    private func refusal(_ failure: SQLiteFailure) -> StorageError {
        var error = failure.storageError
        error.detail = "\(path ?? "memory"): \(error.detail ?? "")"
        return error
    }
}

// MARK: - The file itself

extension DatabaseFile {
    /// Creates the file if there is none, readable for its owner alone; refuses what can't be a database.
    private func prepare(_ path: String) throws {
        var status = stat()
        if stat(path, &status) != 0 {
            guard errno == ENOENT else { throw refused(path, errno) }
            try Self.create(path)
        } else if status.st_mode & S_IFMT != S_IFREG {
            let kind = status.st_mode & S_IFMT == S_IFDIR ? "a directory" : "not an ordinary file"
            throw StorageError(.refused, detail: "\(path) is \(kind)")
        } else if access(path, R_OK | W_OK) != 0 {
            throw refused(path, errno)
        }
    }

    /// Creates an empty file; nothing happens if it has come into being meanwhile.
    static func create(_ path: String, isNew: Bool = false) throws {
        let descriptor = Foundation.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            close(descriptor)
        } else if isNew || errno != EEXIST {
            throw StorageError(.refused, detail: "\(path): \(String(cString: strerror(errno)))")
        }
    }

    private func refused(_ path: String, _ code: Int32) -> StorageError {
        StorageError(.refused, detail: "\(path): \(String(cString: strerror(code)))")
    }
}
