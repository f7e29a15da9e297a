/// A run in one portable file: the shape of its graph and its journal, frame by frame.
///
/// It is Codable, and ``json`` is the file. Every frame is sealed by a hash over it and the one before, ``seal`` is the last
/// of them: a capsule that was changed or cut is refused.
public struct RunCapsule: Sendable, Equatable, Codable {
    /// The version of this format.
    public static let currentFormat = 1

    public let format: Int
    public let run: RunID
    /// The name of the graph.
    public let graph: String
    /// The fingerprint of the graph that wrote the capsule.
    public let fingerprint: String
    public let outline: GraphOutline
    /// The journal as it is stored: a JSON object each, as text.
    public let frames: [String]
    /// The hash of the last frame.
    public let seal: String
    /// The number of the first frame and the hash of the one before it, where the history does not reach to the beginning.
    public let start: String?
    /// Why the journal could not be read further when the capsule was made; `nil` if it is whole.
    public let damage: String?

    package init(_ excerpt: JournalExcerpt, of run: RunID, _ outline: GraphOutline, _ fingerprint: String) {
        format = Self.currentFormat
        self.run = run
        graph = outline.name
        self.fingerprint = fingerprint
        self.outline = outline
        frames = excerpt.frames.map { String(decoding: $0, as: UTF8.self) }
        seal = excerpt.link.text
        start = excerpt.start.map { String(decoding: $0.bytes, as: UTF8.self) }
        damage = excerpt.damage.map { "\($0)" }
    }

    /// The file, the same bytes for the same capsule.
    public var json: [UInt8] { get throws { try JSONCoding.encode(self) } }

    /// Reads a file and checks it.
    ///
    /// Throws ``JournalError``: ``JournalError/Code/damaged`` if anything in it was changed, ``JournalError/Code/unreadable`` if it is no
    /// capsule, or one of a newer format.
    public init(json: some Sequence<UInt8>) throws(JournalError) {
        do {
            self = try JSONCoding.decode(RunCapsule.self, from: Array(json))
        } catch {
            throw JournalError(.unreadable, run: RunID(""), detail: "it is no capsule: \(error)")
        }
        _ = try excerpt()
    }

    /// The journal in it, checked.
    package func excerpt() throws(JournalError) -> JournalExcerpt {
        guard format <= Self.currentFormat else {
            throw JournalError(.unreadable, run: run, detail: "its format is \(format)")
        }
        let excerpt = JournalExcerpt(
            frames.lazy.map { Array($0.utf8) }, of: run, from: start.flatMap { SnapshotPointer(Array($0.utf8)) })
        if let damage = excerpt.damage { throw damage }
        guard excerpt.link.text == seal else {
            throw JournalError(.damaged, run: run, detail: "its seal is not that of its last frame")
        }
        return excerpt
    }

    /// The effects that the run tried on the outside.
    public var effects: [LedgerEntry] {
        get throws { EffectFold(try excerpt(), of: run).entries }
    }
}
