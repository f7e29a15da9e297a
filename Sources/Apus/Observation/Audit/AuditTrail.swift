/// A list of what was done, kept so that changing it afterwards shows.
///
/// Each entry holds the hash of the one before, so whoever changes, drops or inserts one has to change all that follow. What no
/// chain can show by itself is that its end was cut off, or that all of it was written anew: for that, keep an ``AuditAnchor``
/// somewhere else, where whoever can write to the storage can't, and give it to ``verify(against:)``.
public struct AuditTrail: Sendable {
    public let name: String
    private let storage: any Storage
    private let environment: any Environment
    private let codec = AuditCodec()

    public init(_ name: String, in storage: any Storage, environment: any Environment = .live) {
        self.name = name
        self.storage = storage
        self.environment = environment
    }

    /// Writes an entry down; returns what the trail is then.
    ///
    /// Several may append at once, also in other processes. Each waits for its turn by trying again. With a key an entry is written
    /// once, however often it is appended, and the same is returned each time: a step of a node gives its own.
    @discardableResult
    public func append(
        _ action: String, by actor: String, _ details: JSON = [:], key: String? = nil
    ) async throws -> AuditAnchor {
        let mark = key.map { StorageKey("audit", name, "once", $0) }
        while true {
            if let mark, let known = try await storage.value(at: mark) { return try codec.anchor(known) }
            let old = try await storage.value(at: headKey)
            let end = try old.map { try codec.anchor($0) } ?? AuditAnchor.empty
            let entry = AuditEntry(
                number: end.count, time: environment.now().wallTime, actor: actor, action: action, details: details,
                previous: end.hash)
            let bytes = codec.bytes(entry)
            let next = AuditAnchor(count: end.count + 1, hash: codec.hash(bytes))
            var batch = StorageBatch()
            batch.require(old.map { .holds(headKey, $0) } ?? .absent(headKey))
            batch.create(bytes, at: place(entry.number))
            batch.put(codec.bytes(next), at: headKey)
            if let mark { batch.create(codec.bytes(next), at: mark) }
            do {
                try await storage.commit(batch)
                return next
            } catch let error as StorageError where error.code == .conflict {
                // Somebody else wrote it between the readings of the mark and the end.
                if let mark, error.key == mark { continue }
                // Somebody else was faster; where nobody was, an entry stands behind the end, and trying again would never succeed.
                if try await storage.value(at: headKey) == old { throw AuditError.broken(at: entry.number, .extra) }
                try Task.checkCancellation()
            }
        }
    }

    /// How many entries there are, and the hash of the last: keep it elsewhere.
    public func anchor() async throws -> AuditAnchor {
        try await storage.value(at: headKey).map { try codec.anchor($0) } ?? .empty
    }

    /// Entries from one on, in their order. It does not verify them.
    public func entries(from number: Int = 0, limit: Int = 100) async throws -> [AuditEntry] {
        let range = StorageRange(from: place(number), to: StorageRange.below(entriesKey).upper ?? place(.max))
        return try await storage.scan(range, limit: limit).map { try codec.entry($0.value, number) }
    }

    /// Reads the whole trail and throws ``AuditError`` with the first entry that is not as it was written; returns what the trail is.
    ///
    /// With an anchor that was kept elsewhere it also sees that entries were cut off at the end, and that all was written anew.
    @discardableResult
    public func verify(against anchor: AuditAnchor? = nil) async throws -> AuditAnchor {
        var chain = AuditChain(anchor: anchor)
        while true {
            let range = StorageRange(
                from: place(chain.end.count), to: StorageRange.below(entriesKey).upper ?? place(.max))
            let page = try await storage.scan(range, limit: 256)
            for stored in page { try chain.take(stored.value, isInPlace: stored.key == place(chain.end.count)) }
            if page.count < 256 { break }
        }
        let end = try await storage.value(at: headKey).map { bytes in
            do { return try codec.anchor(bytes) } catch { throw AuditError.broken(at: chain.end.count, .head) }
        }
        try chain.finish(head: end ?? .empty)
        return chain.end
    }

    private var headKey: StorageKey { StorageKey("audit", name, "head") }
    private var entriesKey: StorageKey { StorageKey("audit", name, "entry") }
    private func place(_ number: Int) -> StorageKey { StorageKey("audit", name, "entry", number) }
}

/// Something that was done.
public struct AuditEntry: Sendable, Hashable, Codable {
    /// From 0.
    public var number: Int
    public var time: WallTime
    public var actor: String
    public var action: String
    public var details: JSON
    /// The hash of the entry before, in hexadecimal.
    public var previous: String
}

/// How long a trail is and the hash of its last entry: whoever has it knows whether the trail up to there is still the same.
public struct AuditAnchor: Sendable, Hashable, Codable {
    public var count: Int
    /// In hexadecimal.
    public var hash: String

    public init(count: Int, hash: String) {
        self.count = count
        self.hash = hash
    }

    static let empty = AuditAnchor(count: 0, hash: String(repeating: "0", count: 64))
}

/// How a trail is not as it was written.
public enum AuditError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Fault: String, Sendable, Hashable {
        /// It is gone, or another one stands in its place.
        case missing
        /// It can't be read.
        case unreadable
        /// It or the one before it was changed.
        case changed
        /// It stands behind the end of the trail.
        case extra
        /// The trail ends before it.
        case cutOff
        /// What is noted of the end can't be read, or does not fit.
        case head
    }

    /// The first entry that is wrong, and how.
    case broken(at: Int, Fault)

    public var description: String {
        switch self {
        case .broken(let number, let fault):
            switch fault {
            case .missing: "The audit trail lacks entry \(number)."
            case .unreadable: "Entry \(number) of the audit trail can't be read."
            case .changed: "Entry \(number) of the audit trail, or the one before it, was changed."
            case .extra: "Entry \(number) stands behind the end of the audit trail."
            case .cutOff: "The audit trail was cut off before entry \(number)."
            case .head: "What is noted of the end of the audit trail does not fit entry \(number)."
            }
        }
    }
}
