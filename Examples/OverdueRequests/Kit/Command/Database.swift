public import Apus
import ApusSQLite
import Foundation

/// What keeps runs.
public struct Database: Sendable {
    private let opening: @Sendable (_ path: String) async throws -> any Storage
    private let isThere: @Sendable (_ path: String) -> Bool

    /// A file for each path.
    public static var file: Database {
        Database {
            try await SQLiteStorage.open(at: $0)
        } isThere: {
            FileManager.default.fileExists(atPath: $0)
        }
    }

    /// The same storage whatever the path.
    public static func storage(_ storage: some Storage) -> Database {
        Database { _ in
            storage
        } isThere: { _ in
            true
        }
    }

    private init(
        opening: @escaping @Sendable (String) async throws -> any Storage, isThere: @escaping @Sendable (String) -> Bool
    ) {
        self.opening = opening
        self.isThere = isThere
    }

    /// Opens what is at `path`; only with `creating` it may be new.
    func open(_ path: String, creating: Bool) async throws -> any Storage {
        guard creating || isThere(path) else {
            throw CommandError(.noInput, "\(path): there is no such file; start a review first")
        }
        do {
            return try await opening(path)
        } catch let error as StorageError {
            switch error.code {
            case .incompatible, .corrupt:
                throw CommandError(.badData, "\(path) is no database of runs. \(error)")
            case .refused, .full: throw CommandError(.cannotWrite, "\(path): \(error)")
            default: throw CommandError(.failed, "\(path): \(error)")
            }
        }
    }
}

/// Why the command does not go on, and how it ends by that.
struct CommandError: Error, CustomStringConvertible {
    let code: ExitCode
    let description: String

    init(_ code: ExitCode, _ description: String) {
        self.code = code
        self.description = description
    }
}
