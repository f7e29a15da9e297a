import Foundation

/// The folder that a review writes into; it is made when the first file is written.
public struct OutputFolder: Sendable {
    public let path: String

    public init(path: String) { self.path = path }

    /// Writes a file as a whole or not at all, and returns its path.
    @discardableResult
    public func write(_ text: String, to name: String) throws(OutputError) -> String {
        try write(Data(text.utf8), to: name)
    }

    func write(_ data: Data, to name: String) throws(OutputError) -> String {
        try change(name) { try data.write(to: $0, options: .atomic) }
    }

    /// Adds to a file behind its first `length` bytes, and cuts off what stands there.
    func append(_ data: Data, to name: String, after length: Int) throws(OutputError) {
        try change(name) { file in
            if !FileManager.default.fileExists(atPath: file.path) { try Data().write(to: file) }
            let handle = try FileHandle(forWritingTo: file)
            defer { try? handle.close() }
            try handle.truncate(atOffset: UInt64(length))
            try handle.seekToEnd()
            try handle.write(contentsOf: data)
        }
    }

    /// The bytes of a file; `nil` if there is none.
    func read(_ name: String) throws -> Data? {
        let file = URL(fileURLWithPath: path, isDirectory: true).appending(path: name)
        return FileManager.default.fileExists(atPath: file.path) ? try Data(contentsOf: file) : nil
    }

    /// Makes the folder, so that `name` can stand in it; returns its path.
    @discardableResult
    func prepare(for name: String) throws(OutputError) -> String { try change(name) { _ in } }

    @discardableResult
    private func change(_ name: String, _ body: (URL) throws -> Void) throws(OutputError) -> String {
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        let shown = path == "." ? name : "\(path)/\(name)"
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try body(folder.appending(path: name))
        } catch {
            throw OutputError(path: shown, reason: error.localizedDescription)
        }
        return shown
    }
}

/// Why a file could not be written.
public struct OutputError: Error, Equatable, CustomStringConvertible {
    public let path: String
    public let reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(path): it cannot be written: \(reason)" }
}
