/// Vectors sorted into cells around centres that lie among them, by a few rounds of k-means. It takes no chance: equal vectors in
/// equal order give equal cells.
struct VectorCells: Sendable {
    private var centres: [Float] = []
    private var members: [[Int]] = []
    private var dimension = 0

    init() {}

    init(_ values: [Float], _ dimension: Int) {
        let count = values.count / dimension
        let cells = max(1, Int(Double(count).squareRoot()))
        self.dimension = dimension
        // Every so many of them is a first centre.
        for cell in 0..<cells {
            let start = (cell * count / cells) * dimension
            centres += values[start..<start + dimension]
        }
        for _ in 0..<4 {
            assign(values, cells)
            move(values)
        }
        assign(values, cells)
    }

    var isEmpty: Bool { members.isEmpty }

    private mutating func assign(_ values: [Float], _ cells: Int) {
        members = Array(repeating: [], count: cells)
        for index in 0..<values.count / dimension {
            let vector = Array(values[index * dimension..<(index + 1) * dimension])
            members[order(around: vector)[0]].append(index)
        }
    }

    private mutating func move(_ values: [Float]) {
        for cell in members.indices where !members[cell].isEmpty {
            var sum = [Float](repeating: 0, count: dimension)
            for index in members[cell] {
                for place in 0..<dimension { sum[place] += values[index * dimension + place] }
            }
            let length = max(sum.reduce(0) { $0 + $1 * $1 }.squareRoot(), .leastNormalMagnitude)
            for place in 0..<dimension { centres[cell * dimension + place] = sum[place] / length }
        }
    }

    /// All cells, the one around `vector` first.
    private func order(around vector: [Float]) -> [Int] {
        let scores = (0..<centres.count / dimension).map { VectorIndex.product(centres, $0 * dimension, vector) }
        return scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
    }

    /// What is in the cells nearest to `vector`, in the order in which it was added.
    func nearest(to vector: [Float], share: Double) -> [Int] {
        let count = max(1, Int((Double(members.count) * share).rounded(.up)))
        return order(around: vector).prefix(count).flatMap { members[$0] }.sorted()
    }
}
