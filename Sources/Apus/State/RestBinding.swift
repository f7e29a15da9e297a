/// What no field of a state names, taken as one more field, which is exclusive.
final class RestBinding<State: GraphState>: FieldBinding {
    private let fields: FieldTable<State>

    init(_ fields: FieldTable<State>) { self.fields = fields }

    var path: String { "" }
    var bytes: Range<Int>? { nil }

    func effect(from before: UnsafeRawPointer, to after: UnsafeRawPointer) -> FieldEffect? {
        let new = after.assumingMemoryBound(to: State.self)
        guard fields.restDiffers(new.pointee, before.assumingMemoryBound(to: State.self).pointee) else { return nil }
        return .replace(new.pointee)
    }

    func copy(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
        let old = target.assumingMemoryBound(to: State.self)
        var next = source.assumingMemoryBound(to: State.self).pointee
        fields.copy(from: old.pointee, to: &next)
        old.pointee = next
    }

    func access(of effect: FieldEffect) -> FieldAccess { .replace }

    func apply(_ effect: FieldEffect, to state: UnsafeMutableRawPointer) {
        let value = effect.payload(State.self).value
        withUnsafePointer(to: value) { copy(from: $0, to: state) }
    }

    func combine(_ earlier: inout FieldEffect, with later: FieldEffect) { earlier = later }

    /// Only undeclared properties count.
    func isEqual(_ effect: FieldEffect, to other: FieldEffect) -> Bool {
        !fields.restDiffers(effect.payload(State.self).value, other.payload(State.self).value)
    }

    func encode(_ effect: FieldEffect, base: UnsafeRawPointer) throws -> [UInt8] {
        var state = effect.payload(State.self).value
        fields.copy(from: base.assumingMemoryBound(to: State.self).pointee, to: &state)
        return try JSONCoding.encode(state)
    }

    func decode(_ json: [UInt8], isReplacement: Bool) throws -> FieldEffect {
        .replace(try JSONCoding.decode(State.self, from: json))
    }
}
