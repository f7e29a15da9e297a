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
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        let shown = path == "." ? name : "\(path)/\(name)"
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try data.write(to: folder.appending(path: name), options: .atomic)
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
