/// A field with its value's type and its rule.
final class TypedField<Rule: MergeRule>: FieldBinding {
    let name: String
    let rule: Rule
    private let keyPath: any AnyKeyPath & Sendable
    private let offset: Int?

    init(name: String, path: any AnyKeyPath & Sendable, offset: Int?, rule: Rule) {
        self.name = name
        keyPath = path
        self.offset = offset
        self.rule = rule
    }

    var path: String { String(reflecting: keyPath) }
    var bytes: Range<Int>? { offset.map { $0..<($0 + MemoryLayout<Rule.Value>.size) } }

    func copy(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
        value(in: target).pointee = value(in: source).pointee
    }

    func value(in state: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Rule.Value> {
        UnsafeMutablePointer(mutating: value(in: UnsafeRawPointer(state)))
    }

    func value(in state: UnsafeRawPointer) -> UnsafePointer<Rule.Value> {
        guard let offset else { preconditionFailure("the field \"\(name)\" is not a stored property") }
        return (state + offset).assumingMemoryBound(to: Rule.Value.self)
    }
}
