/// Who wrote which field, kept to find writes that exclude each other.
///
/// A unit is an activation, or a whole loop. Units are recorded as they complete, so one that is recorded is never
/// before one that already was. Costs O(1) for each written field or key, amortised, and for a replacement also the number of
/// merges that nothing followed.
package struct WriteLedger: Sendable {
    /// Two writes that exclude each other.
    package typealias Conflict = (field: Int, other: Int, key: String?)

    /// The writers of a field that a later one might still be concurrent with.
    private struct Writers: Sendable {
        var replacer: Int?
        /// Those since the last replacement that none of the others followed.
        var mergers: [Int] = []
        var keys: [FieldKey: Int] = [:]
    }

    private var fields: [Writers] = []

    package init() {}

    package mutating func removeAll() { fields.removeAll(keepingCapacity: true) }

    /// Records what `unit` wrote, or returns the first conflict and records nothing.
    ///
    /// `isAfter` is a strict order. A unit may be recorded more than once and never conflicts with itself.
    package mutating func record(
        unit: Int, writes: [FieldWrite], isAfter: (_ later: Int, _ earlier: Int) -> Bool
    ) -> Conflict? {
        for write in writes where write.field < fields.count {
            if let conflict = conflict(of: unit, write, isAfter) { return conflict }
        }
        for write in writes { note(write, of: unit, isAfter) }
        return nil
    }

    private func conflict(of unit: Int, _ write: FieldWrite, _ isAfter: (Int, Int) -> Bool) -> Conflict? {
        func isConcurrent(_ other: Int) -> Bool { other != unit && !isAfter(unit, other) }
        if let other = fields[write.field].replacer, isConcurrent(other) { return (write.field, other, nil) }
        switch write.access {
        case .merge:
            return nil
        case .replace:
            return fields[write.field].mergers.first(where: isConcurrent).map { (write.field, $0, nil) }
        case .keys(let keys):
            for key in keys {
                guard let other = fields[write.field].keys[key], isConcurrent(other) else { continue }
                return (write.field, other, key.description)
            }
            return nil
        }
    }

    private mutating func note(_ write: FieldWrite, of unit: Int, _ isAfter: (Int, Int) -> Bool) {
        while fields.count <= write.field { fields.append(Writers()) }
        if case .replace = write.access {
            fields[write.field] = Writers(replacer: unit)
            return
        }
        while let last = fields[write.field].mergers.last, last == unit || isAfter(unit, last) {
            fields[write.field].mergers.removeLast()
        }
        fields[write.field].mergers.append(unit)
        guard case .keys(let keys) = write.access else { return }
        for key in keys { fields[write.field].keys[key] = unit }
    }
}
