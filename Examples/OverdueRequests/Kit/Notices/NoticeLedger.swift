import Foundation

/// The file in which the receiver of notices writes down each one that arrives, one line of JSON each, and tells by the key whether it
/// had that one before.
public struct NoticeLedger: Sendable {
    /// One arrival.
    public struct Entry: Sendable, Codable, Equatable {
        public var key: String
        public var agency: String
        public var requests: Int
        /// Whether a notice of this key had arrived before; then this one counts for nothing.
        public var isRepeat: Bool
    }

    private let folder: OutputFolder
    private let name: String

    public init(folder: OutputFolder, name: String = "notices.jsonl") {
        self.folder = folder
        self.name = name
    }

    /// All arrivals in order; what a crash left unfinished at the end is left out.
    public func entries() throws -> [Entry] { try Self.entries(in: try bytes()) }

    /// Writes an arrival down with one call of the system, and returns it.
    @discardableResult
    func append(_ notice: Notice, key: String) throws -> Entry {
        let known = try bytes()
        let isRepeat = try Self.entries(in: known).contains { $0.key == key }
        let entry = Entry(key: key, agency: notice.agency, requests: notice.decisions.count, isRepeat: isRepeat)
        let whole = known.lastIndex(of: Self.newline).map { $0 + 1 } ?? 0
        try folder.append(try JSON.encode(entry) + [Self.newline], to: name, after: whole)
        return entry
    }

    private static let newline = UInt8(ascii: "\n")

    private func bytes() throws -> Data { try folder.read(name) ?? Data() }

    private static func entries(in bytes: Data) throws -> [Entry] {
        guard let end = bytes.lastIndex(of: newline) else { return [] }
        return try bytes[..<end].split(separator: newline).map { try JSONDecoder().decode(Entry.self, from: $0) }
    }
}
