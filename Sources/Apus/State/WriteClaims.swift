/// What a loop has written so far, each write once, however many of its rounds repeat it.
///
/// A write that was recorded once needs no second look: whatever it excludes was refused then, or is when it comes.
struct WriteClaims {
    private struct Claim {
        var isReplaced = false
        var isMerged = false
        var keys: Set<FieldKey> = []
    }

    private var fields: [Claim] = []

    /// Adds writes, and returns what is new of them.
    mutating func add(_ writes: [FieldWrite]) -> [FieldWrite] { writes.compactMap { add($0) } }

    private mutating func add(_ write: FieldWrite) -> FieldWrite? {
        while fields.count <= write.field { fields.append(Claim()) }
        if fields[write.field].isReplaced { return nil }
        switch write.access {
        case .replace: fields[write.field].isReplaced = true
        case .merge:
            if fields[write.field].isMerged { return nil }
            fields[write.field].isMerged = true
        case .keys(let keys):
            let new = keys.filter { fields[write.field].keys.insert($0).inserted }
            return new.isEmpty ? nil : FieldWrite(field: write.field, access: .keys(new))
        }
        return write
    }
}
