/// Follows a trail from its beginning and finds the first entry that is wrong.
struct AuditChain {
    private let anchor: AuditAnchor?
    private let codec = AuditCodec()
    private let planted = Planted()
    private(set) var end = AuditAnchor.empty
    /// An entry that does not follow from the one before: which of both was changed shows by the next.
    private var suspect: AuditAnchor?

    init(anchor: AuditAnchor?) { self.anchor = anchor }

    /// Takes the next entry in. `isInPlace` says whether it stands where it should.
    mutating func take(_ bytes: [UInt8], isInPlace: Bool) throws(AuditError) {
        let number = end.count
        guard isInPlace else { throw .broken(at: number, .missing) }
        let entry = try codec.entry(bytes, number)
        if let suspect { throw Self.changed(suspect, isNamed: entry.previous == suspect.hash) }
        if entry.number != number { throw .broken(at: number, .changed) }
        let isNext = entry.previous == end.hash || planted(.auditLinkUnchecked)
        end = AuditAnchor(count: number + 1, hash: codec.hash(bytes))
        guard isNext else {
            suspect = end
            return
        }
        if let anchor, anchor.count == end.count, anchor.hash != end.hash { throw .broken(at: number, .changed) }
    }

    /// Compares the end with what is noted of it.
    func finish(head: AuditAnchor) throws(AuditError) {
        if let suspect { throw Self.changed(suspect, isNamed: head.hash == suspect.hash) }
        if let anchor, anchor.count > end.count { throw .broken(at: end.count, .cutOff) }
        if head.count > end.count { throw .broken(at: end.count, .cutOff) }
        if head.count < end.count { throw .broken(at: head.count, .extra) }
        if head.hash != end.hash { throw .broken(at: max(0, end.count - 1), .changed) }
    }

    /// Where what follows names the hash of the suspect, the suspect is as it was, and the entry before it is not.
    private static func changed(_ suspect: AuditAnchor, isNamed: Bool) -> AuditError {
        .broken(at: max(0, suspect.count - (isNamed ? 2 : 1)), .changed)
    }
}

/// How entries are written: as JSON whose keys are sorted, so that equal entries are equal bytes.
struct AuditCodec: Sendable {
    func bytes(_ value: some Encodable) -> [UInt8] {
        do {
            return try JSONCoding.encode(value)
        } catch {
            preconditionFailure("an entry of an audit trail is JSON: \(error)")
        }
    }

    func entry(_ bytes: [UInt8], _ number: Int) throws(AuditError) -> AuditEntry {
        do {
            return try JSONCoding.decode(AuditEntry.self, from: bytes)
        } catch {
            throw .broken(at: number, .unreadable)
        }
    }

    func anchor(_ bytes: [UInt8]) throws -> AuditAnchor { try JSONCoding.decode(AuditAnchor.self, from: bytes) }

    func hash(_ bytes: [UInt8]) -> String {
        let digits = SHA256.digest(of: bytes).flatMap { [HexDigit.of($0 >> 4), HexDigit.of($0 & 15)] }
        return String(decoding: digits, as: UTF8.self)
    }
}
