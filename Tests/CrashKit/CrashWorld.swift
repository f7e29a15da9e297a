public import Foundation

/// The outside of a process that is killed: what it was asked for and what it did, in files that survive.
///
/// It takes an effect for done once per key, as a service does that knows idempotency keys.
public struct CrashWorld: Sendable {
    public let folder: URL
    /// Called when an effect has happened, with its key.
    public var applied: (@Sendable (String) -> Void)?

    public init(_ folder: URL) throws {
        self.folder = folder
        try FileManager.default.createDirectory(
            at: folder.appending(path: "applied"), withIntermediateDirectories: true)
    }

    /// Where the database is.
    public var database: String { folder.appending(path: "runs.db").path(percentEncoded: false) }

    /// Notes that the code of a node begins.
    func visit(_ activation: String) throws { try append(activation, to: "visits") }

    /// Performs an effect, unless it was performed before.
    func apply(_ key: String) throws {
        try append(key, to: "calls")
        let name = key.replacing("/", with: "~")
        let path = folder.appending(path: "applied/\(name)").path(percentEncoded: false)
        let file = open(path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
        if file >= 0 { close(file) }
        applied?(key)
    }

    private func append(_ line: String, to name: String) throws {
        let path = folder.appending(path: name).path(percentEncoded: false)
        let file = open(path, O_CREAT | O_APPEND | O_WRONLY, 0o600)
        guard file >= 0 else { throw CocoaError(.fileWriteUnknown) }
        defer { close(file) }
        let bytes = Array("\(line)\n".utf8)
        guard write(file, bytes, bytes.count) == bytes.count else { throw CocoaError(.fileWriteUnknown) }
    }

    public var visits: [String] { lines(of: "visits") }
    /// The keys of all effects that were asked for.
    public var calls: [String] { lines(of: "calls") }
    /// The keys of the effects that happened, each once by construction.
    public var effects: Set<String> {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "applied").path)
        return Set((names ?? []).map { $0.replacing("~", with: "/") })
    }

    private func lines(of name: String) -> [String] {
        let text = (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }
}
