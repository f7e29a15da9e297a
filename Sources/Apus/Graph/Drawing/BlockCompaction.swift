/// Places blocks of aligned vertices as far left as their neighbours allow, then right again where that leaves a gap.
struct BlockCompaction {
    /// The place of each vertex, that of its block.
    private(set) var places: [Double]

    /// - Parameters:
    ///   - root: the block of each vertex, named by one of its vertices.
    ///   - separation: how far apart two neighbours in a row must stand at least.
    init(rows: [[Int]], root: [Int], separation: (Int, Int) -> Double) {
        var before: [[(block: Int, distance: Double)]] = Array(repeating: [], count: root.count)
        var after = before
        for row in rows {
            for (left, right) in zip(row, row.dropFirst()) {
                let distance = separation(left, right)
                before[root[right]].append((root[left], distance))
                after[root[left]].append((root[right], distance))
            }
        }
        let blocks = root.indices.filter { root[$0] == $0 }
        let order = Self.order(of: blocks, after: after, before: before)
        places = Array(repeating: 0, count: root.count)
        for block in order {
            places[block] = before[block].map { places[$0.block] + $0.distance }.max() ?? 0
        }
        for block in order.reversed() {
            guard let room = after[block].map({ places[$0.block] - $0.distance }).min() else { continue }
            places[block] = max(places[block], room)
        }
        for vertex in root.indices { places[vertex] = places[root[vertex]] }
    }

    /// The blocks, each after all that stand left of it.
    private static func order(
        of blocks: [Int], after: [[(block: Int, distance: Double)]], before: [[(block: Int, distance: Double)]]
    ) -> [Int] {
        var missing = before.map(\.count)
        var order = blocks.filter { missing[$0] == 0 }
        var next = 0
        while next < order.count {
            for follower in after[order[next]] {
                missing[follower.block] -= 1
                if missing[follower.block] == 0 { order.append(follower.block) }
            }
            next += 1
        }
        return order
    }
}
