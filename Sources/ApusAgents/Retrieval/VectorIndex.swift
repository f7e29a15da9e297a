/// Finds passages by the direction of their vectors.
///
/// Up to ``exactLimit`` passages every vector is compared. Beyond that they are sorted into cells around about √n of their number, and only the
/// nearest cells are looked at; ``recall`` of them, so that nearly all of the true neighbours are found.
public struct VectorIndex: Sendable {
    private var passages: [Passage] = []
    /// One after the other, each of length 1.
    private var values: [Float] = []
    private var dimension = 0
    private var cells = VectorCells()
    public let exactLimit: Int
    /// The share of cells that a search looks at.
    public let recall: Double

    public init(exactLimit: Int = 4_096, recall: Double = 0.2) {
        self.exactLimit = exactLimit
        self.recall = recall
    }

    public var count: Int { passages.count }

    /// Throws ``RetrievalError/Code/dimension`` if the vector is not as long as those before.
    public mutating func add(_ passage: Passage, _ vector: [Float]) throws(RetrievalError) {
        if passages.isEmpty { dimension = vector.count }
        guard vector.count == dimension, dimension > 0 else {
            throw RetrievalError(.dimension, detail: "\(vector.count) numbers, and \(dimension) are expected")
        }
        passages.append(passage)
        values += Self.normalised(vector)
        cells = VectorCells()
    }

    /// Sorts what was added into cells, if there is enough; a search before that compares all.
    public mutating func settle() {
        guard passages.count > exactLimit, cells.isEmpty else { return }
        cells = VectorCells(values, dimension)
    }

    /// The nearest passages by cosine, nearest first; of equal ones the first added is first.
    public func search(_ vector: [Float], limit: Int = 10) throws(RetrievalError) -> [Finding] {
        if passages.isEmpty { return [] }
        guard vector.count == dimension else {
            throw RetrievalError(.dimension, detail: "\(vector.count) numbers, and \(dimension) are expected")
        }
        let query = Self.normalised(vector)
        let candidates = cells.isEmpty ? Array(passages.indices) : cells.nearest(to: query, share: recall)
        let scored = candidates.map { (index: $0, score: Self.product(values, $0 * dimension, query)) }
        let best = scored.sorted { (-$0.score, $0.index) < (-$1.score, $1.index) }.prefix(max(0, limit))
        return best.map { Finding(passages[$0.index], score: Double($0.score)) }
    }

    private static func normalised(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? vector.map { $0 / length } : vector
    }

    /// The inner product of `right` and the numbers of `left` from `start` on.
    static func product(_ left: [Float], _ start: Int, _ right: [Float]) -> Float {
        var sum: Float = 0
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                for index in right.indices { sum += left[start + index] * right[index] }
            }
        }
        return sum
    }
}

/// Why passages could not be found or added.
public struct RetrievalError: Error, Equatable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, Codable {
        /// A vector has another length than the others, so it comes from another model.
        case dimension
    }

    public var code: Code
    public var detail: String?

    public init(_ code: Code, detail: String? = nil) {
        self.code = code
        self.detail = detail
    }

    public static func == (left: Self, right: Self) -> Bool { left.code == right.code }

    public var description: String {
        "The vector does not go with the index: \(detail ?? ""); embed passages and queries with one model."
    }
}
