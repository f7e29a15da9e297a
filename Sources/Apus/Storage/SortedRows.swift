/// Rows in the order of their keys, in chunks, so that a new row moves no more than the rest of its chunk.
struct SortedRows: Sendable {
    struct Row: Sendable {
        var key: StorageKey
        var value: [UInt8]
        var expires: WallTime?

        func isLive(_ now: WallTime) -> Bool { expires.map { now < $0 } ?? true }
    }

    /// Where a row stands; the end is in the first chunk that does not exist.
    struct Position: Comparable {
        var chunk: Int
        var row: Int

        static func < (left: Self, right: Self) -> Bool { (left.chunk, left.row) < (right.chunk, right.row) }
    }

    static let chunkLimit = 512

    /// None of them is empty.
    private var chunks: [[Row]] = []
    private(set) var count = 0

    private var start: Position { Position(chunk: 0, row: 0) }
    private var end: Position { Position(chunk: chunks.count, row: 0) }

    func row(at key: StorageKey) -> Row? {
        let position = position(of: key)
        return holds(key, position) ? chunks[position.chunk][position.row] : nil
    }

    /// The first `limit` rows of a range, in its direction, that satisfy `condition`.
    func rows(in range: StorageRange, _ limit: Int, where condition: (Row) -> Bool) -> [Row] {
        let bounds = bounds(of: range)
        var found: [Row] = []
        var position = range.isDescending ? bounds.upperBound : bounds.lowerBound
        while found.count < limit, position != (range.isDescending ? bounds.lowerBound : bounds.upperBound) {
            if range.isDescending { position = self.position(before: position) }
            let row = chunks[position.chunk][position.row]
            if condition(row) { found.append(row) }
            if !range.isDescending { position = self.position(after: position) }
        }
        return found
    }

    /// Puts a row in its place, or in that of the row with its key.
    mutating func put(_ row: Row) {
        var position = position(of: row.key)
        if holds(row.key, position) {
            chunks[position.chunk][position.row] = row
            return
        }
        count += 1
        if position.row == 0, position.chunk > 0 {
            position = Position(chunk: position.chunk - 1, row: chunks[position.chunk - 1].count)
        }
        if chunks.isEmpty { chunks.append([]) }
        if chunks[position.chunk].count == Self.chunkLimit { position = split(at: position) }
        chunks[position.chunk].insert(row, at: position.row)
    }

    mutating func remove(_ key: StorageKey) {
        let position = position(of: key)
        guard holds(key, position) else { return }
        count -= 1
        chunks[position.chunk].remove(at: position.row)
        join(position.chunk)
    }

    mutating func remove(in range: StorageRange) {
        let bounds = bounds(of: range)
        let (lower, upper) = (bounds.lowerBound, bounds.upperBound)
        if lower.chunk == upper.chunk {
            guard lower.row < upper.row else { return }
            count -= upper.row - lower.row
            chunks[lower.chunk].removeSubrange(lower.row..<upper.row)
            return join(lower.chunk)
        }
        let whole = lower.chunk + 1..<upper.chunk
        count -= chunks[lower.chunk].count - lower.row + chunks[whole].reduce(0) { $0 + $1.count } + upper.row
        if upper.row > 0 { chunks[upper.chunk].removeFirst(upper.row) }
        chunks[lower.chunk].removeLast(chunks[lower.chunk].count - lower.row)
        chunks.removeSubrange(whole)
        join(lower.chunk)
    }
}

extension SortedRows {
    /// Where the first row stands whose key is not before `key`.
    private func position(of key: StorageKey) -> Position {
        let following = Self.partition(chunks.count) { chunks[$0][0].key <= key }
        guard following > 0 else { return start }
        let chunk = chunks[following - 1]
        let row = Self.partition(chunk.count) { chunk[$0].key < key }
        return row < chunk.count ? Position(chunk: following - 1, row: row) : Position(chunk: following, row: 0)
    }

    /// The first of `count` indices that does not satisfy `condition`, which holds for those before it and for none after.
    private static func partition(_ count: Int, _ condition: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if condition(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func holds(_ key: StorageKey, _ position: Position) -> Bool {
        position.chunk < chunks.count && chunks[position.chunk][position.row].key == key
    }

    private func bounds(of range: StorageRange) -> Range<Position> {
        let lower = position(of: range.lower)
        return lower..<max(lower, range.upper.map(position) ?? end)
    }

    private func position(after position: Position) -> Position {
        position.row + 1 < chunks[position.chunk].count
            ? Position(chunk: position.chunk, row: position.row + 1) : Position(chunk: position.chunk + 1, row: 0)
    }

    private func position(before position: Position) -> Position {
        position.row > 0
            ? Position(chunk: position.chunk, row: position.row - 1)
            : Position(chunk: position.chunk - 1, row: chunks[position.chunk - 1].count - 1)
    }

    /// Makes room in a full chunk; returns where the place has come to. Behind the last row a new chunk begins, so that rows
    /// which come in order fill theirs.
    private mutating func split(at position: Position) -> Position {
        let isLast = position.chunk == chunks.count - 1 && position.row == Self.chunkLimit
        let middle = isLast ? Self.chunkLimit : Self.chunkLimit / 2
        let rest = Array(chunks[position.chunk][middle...])
        chunks[position.chunk].removeLast(rest.count)
        chunks.insert(rest, at: position.chunk + 1)
        guard isLast || position.row > middle else { return position }
        return Position(chunk: position.chunk + 1, row: position.row - middle)
    }

    /// Puts a chunk that has become small together with the next, and takes it out if it is empty.
    private mutating func join(_ index: Int) {
        if chunks[index].isEmpty {
            chunks.remove(at: index)
        } else if index + 1 < chunks.count, chunks[index].count + chunks[index + 1].count <= Self.chunkLimit / 2 {
            chunks[index] += chunks[index + 1]
            chunks.remove(at: index + 1)
        }
    }
}
