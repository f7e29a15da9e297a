/// The changes of one scope that are kept apart: gathered as units end, read in graph order.
///
/// A change is added in constant time whatever the order in which branches end; putting them in order waits until someone reads.
struct KeptChanges {
    /// A change; `last` is the last of the units that made it.
    struct Entry {
        var last: Int
        var place: Int32
        var change: StateChange
    }

    private var entries: [Entry] = []
    private var isOrdered = true
    /// Where the entry of each unit is that ended last in it; `nil` until a chain is longer than what is looked through.
    private var positions: [Int: Int]?
    private let planted = Planted()

    var isEmpty: Bool { entries.isEmpty }

    /// All of them in graph order.
    mutating func ordered() -> [Entry] {
        if !isOrdered {
            entries.sort { $0.place < $1.place }
            isOrdered = true
            positions = nil
        }
        return entries
    }

    /// Adds a change, to that of the unit it is chained to if that is kept.
    mutating func add(_ entry: Entry, chainedTo before: Int) throws(StateError) {
        if before >= 0, let index = position(of: before) {
            try entries[index].change.combine(with: entry.change)
            entries[index].last = entry.last
            if positions != nil {
                positions?[before] = nil
                positions?[entry.last] = index
            }
            return
        }
        if let last = entries.last, last.place > entry.place, !planted(.completionOrder) { isOrdered = false }
        if positions != nil { positions?[entry.last] = entries.count }
        entries.append(entry)
    }

    /// Forgets the first ones in graph order.
    mutating func removeFirst(_ count: Int) {
        entries = Array(ordered().dropFirst(count))
        positions = nil
    }

    private mutating func position(of unit: Int) -> Int? {
        for index in entries.indices.suffix(8).reversed() where entries[index].last == unit { return index }
        guard entries.count > 8 else { return nil }
        if positions == nil {
            positions = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($0.element.last, $0.offset) })
        }
        return positions?[unit]
    }
}
