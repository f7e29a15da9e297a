import Synchronization

/// The fields of a state, and whether they are all there is to it.
final class FieldTable<State: GraphState>: Sendable {
    private enum Coverage: UInt8, AtomicRepresentable { case unknown, partial, complete }

    let fields: [any FieldBinding]
    private let coverage = Atomic<Coverage>(.unknown)

    init(_ fields: [any FieldBinding]) { self.fields = fields }

    /// What happened to each field that changed.
    func changes(from before: State, to after: State) -> [FieldEntry] {
        withUnsafePointer(to: before) { before in
            withUnsafePointer(to: after) { after in
                var entries: [FieldEntry] = []
                entries.reserveCapacity(fields.count)
                for index in fields.indices {
                    guard let effect = fields[index].effect(from: before, to: after) else { continue }
                    entries.append(FieldEntry(field: index, binding: fields[index], effect: effect))
                }
                return entries
            }
        }
    }

    func copy(from source: State, to target: inout State) {
        withUnsafePointer(to: source) { source in
            withUnsafeMutablePointer(to: &target) { target in
                for field in fields { field.copy(from: source, to: target) }
            }
        }
    }

    /// Whether the states differ in what no field names.
    func restDiffers(_ one: State, _ other: State) -> Bool {
        if covers(one) { return false }
        var copy = one
        self.copy(from: other, to: &copy)
        return copy != other
    }

    /// Whether the fields are all stored properties of the state; decided once, from the first value seen.
    private func covers(_ state: State) -> Bool {
        switch coverage.load(ordering: .relaxed) {
        case .complete: return true
        case .partial: return false
        case .unknown: break
        }
        let isComplete = Self.isComplete(fields, in: state)
        coverage.store(isComplete ? .complete : .partial, ordering: .relaxed)
        return isComplete
    }

    /// Errs on the side of "partial", which costs time and nothing else: a state with a mirror of its own, a path into
    /// a property, and a program without reflection metadata all count as such.
    private static func isComplete(_ fields: [any FieldBinding], in state: State) -> Bool {
        if fields.isEmpty || state is any CustomReflectable { return false }
        let root = "\\\(State.self)."
        let named = fields.map { $0.path.hasPrefix(root) ? String($0.path.dropFirst(root.count)) : "" }
        return Set(named) == Set(Mirror(reflecting: state).children.map { $0.label ?? "" })
    }
}
