/// What an activation did to the state, field by field.
///
/// It is not generic, so that whoever keeps and combines changes looks no metadata up. Applying a combination equals applying its parts in turn, and how they were grouped makes no difference.
package struct StateChange: Sendable {
    /// In order of their fields, at least one.
    private(set) var entries: [FieldEntry]

    init(_ entries: [FieldEntry]) { self.entries = entries }

    /// How each changed field was written, in order of the fields.
    package var writes: [FieldWrite] {
        entries.map { FieldWrite(field: $0.field, access: $0.binding.access(of: $0.effect)) }
    }

    /// Performs the change on a state of the type it was found in. If it throws, the state is changed in part.
    package func apply<State: GraphState>(to state: inout State) throws(StateError) {
        try withUnsafeMutablePointer(to: &state) { state throws(StateError) in try apply(at: state) }
    }

    /// The same for a state at this address.
    func apply(at state: UnsafeMutableRawPointer) throws(StateError) {
        for entry in entries { try entry.binding.apply(entry.effect, to: state) }
    }

    /// Lets `later` follow this change, in place: a long list costs only what is added to it.
    package mutating func combine(with later: StateChange) throws(StateError) {
        var index = 0
        for entry in later.entries {
            while index < entries.count, entries[index].field < entry.field { index += 1 }
            if index < entries.count, entries[index].field == entry.field {
                try entry.binding.combine(&entries[index].effect, with: entry.effect)
            } else {
                entries.insert(entry, at: index)
            }
        }
    }

    /// This change followed by `later`.
    package consuming func combined(with later: StateChange) throws(StateError) -> StateChange {
        try combine(with: later)
        return self
    }
}

extension StateChange: Equatable {
    package static func == (left: Self, right: Self) -> Bool {
        left.entries.elementsEqual(right.entries) {
            $0.field == $1.field && $0.binding.isEqual($0.effect, to: $1.effect)
        }
    }
}

/// What happened to the field at a position.
struct FieldEntry: Sendable {
    let field: Int
    let binding: any FieldBinding
    var effect: FieldEffect
}
