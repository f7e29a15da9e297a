/// Keeps the greatest or the least value.
struct ExtremeRule<Value: Comparable & Codable & Sendable>: MergeRule {
    enum Side { case greatest, least }
    let side: Side

    func operation(from before: Value, to after: Value) -> Value? { exceeds(after, before) ? after : nil }
    func apply(_ operation: Value, to value: inout Value) { if exceeds(operation, value) { value = operation } }
    func combine(_ earlier: inout Value, with later: Value) { if exceeds(later, earlier) { earlier = later } }

    private func exceeds(_ value: Value, _ other: Value) -> Bool {
        switch side {
        case .greatest: value > other
        case .least: value < other
        }
    }
}
