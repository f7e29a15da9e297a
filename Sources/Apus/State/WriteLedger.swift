/// Who wrote which field, kept to find writes that exclude each other.
///
/// A unit is an activation, or a whole loop, which is recorded as its nodes complete. One that is recorded is never before one
/// that already was. Costs O(1) for each written field or key, amortised, and for a replacement also the number of
/// merges that nothing followed.
package struct WriteLedger: Sendable {
    /// Two writes that exclude each other; `other` is the node that made the earlier one.
    package typealias Conflict = (field: Int, other: Int, key: String?)

    private struct Writer: Sendable {
        var unit: Int32
        /// What errors name: the unit, or the node inside it.
        var node: Int32
    }

    /// The writers of a field that a later one might still be concurrent with.
    private struct Writers: Sendable {
        var replacer: Writer?
        /// Those since the last replacement that none of the others followed.
        var mergers: [Writer] = []
        var keys: [FieldKey: Writer] = [:]
    }

    private var fields: [Writers] = []

    package init() {}

    package mutating func removeAll() { fields.removeAll(keepingCapacity: true) }

    /// Records what `unit` wrote, by a `node` in it if it is a loop, or returns the first conflict and records nothing.
    ///
    /// `isAfter` is a strict order. A unit may be recorded more than once and never conflicts with itself.
    package mutating func record(
        unit: Int, by node: Int? = nil, writes: [FieldWrite], isAfter: (_ later: Int, _ earlier: Int) -> Bool
    ) -> Conflict? {
        for write in writes where write.field < fields.count {
            if let conflict = conflict(of: unit, write, isAfter) { return conflict }
        }
        let writer = Writer(unit: Int32(unit), node: Int32(node ?? unit))
        for write in writes { note(write, of: writer, isAfter) }
        return nil
    }

    private func conflict(of unit: Int, _ write: FieldWrite, _ isAfter: (Int, Int) -> Bool) -> Conflict? {
        func isConcurrent(_ other: Writer) -> Bool { other.unit != unit && !isAfter(unit, Int(other.unit)) }
        if let other = fields[write.field].replacer, isConcurrent(other) { return (write.field, Int(other.node), nil) }
        switch write.access {
        case .merge:
            return nil
        case .replace:
            return fields[write.field].mergers.first(where: isConcurrent).map { (write.field, Int($0.node), nil) }
        case .keys(let keys):
            for key in keys {
                guard let other = fields[write.field].keys[key], isConcurrent(other) else { continue }
                return (write.field, Int(other.node), key.description)
            }
            return nil
        }
    }

    private mutating func note(_ write: FieldWrite, of writer: Writer, _ isAfter: (Int, Int) -> Bool) {
        while fields.count <= write.field { fields.append(Writers()) }
        if case .replace = write.access {
            fields[write.field] = Writers(replacer: writer)
            return
        }
        while let last = fields[write.field].mergers.last,
            last.unit == writer.unit || isAfter(Int(writer.unit), Int(last.unit))
        {
            fields[write.field].mergers.removeLast()
        }
        fields[write.field].mergers.append(writer)
        guard case .keys(let keys) = write.access else { return }
        for key in keys { fields[write.field].keys[key] = writer }
    }
}
