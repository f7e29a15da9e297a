/// What one activation has sent along channels and not yet handed over.
struct Outbox: Sendable {
    /// An element, and the body of a composite that sent it.
    struct Letter: Sendable {
        var channel: Int
        var value: any Sendable
        var body: Int?
    }

    private var letters: [Letter] = []

    mutating func append(_ letter: Letter) { letters.append(letter) }

    /// Drops what one body sent, or all.
    mutating func discard(_ body: Int?) {
        guard let body else { return letters = [] }
        letters.removeAll { $0.body == body }
    }

    func letters(of body: Int) -> [Letter] { letters.filter { $0.body == body } }

    mutating func keep(_ bodies: [Int]) { letters.removeAll { $0.body.map { !bodies.contains($0) } ?? false } }

    /// Takes all, in the order of the bodies, each body's in its own order.
    mutating func take() -> [Letter] {
        defer { letters = [] }
        return letters.enumerated().sorted { left, right in
            (left.element.body ?? -1, left.offset) < (right.element.body ?? -1, right.offset)
        }.map(\.element)
    }
}
