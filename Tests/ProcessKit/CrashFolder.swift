public import Foundation

/// A folder that goes with its last owner.
public final class CrashFolder: Sendable {
    public let url: URL

    public init(_ name: String) throws {
        url = FileManager.default.temporaryDirectory.appending(
            path: "crash-\(ProcessInfo.processInfo.processIdentifier)-\(name)")
        try? FileManager.default.removeItem(at: url)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    public var path: String { url.path(percentEncoded: false) }

    deinit { try? FileManager.default.removeItem(at: url) }
}
