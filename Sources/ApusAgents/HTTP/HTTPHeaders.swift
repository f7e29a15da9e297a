/// The headers of a message: names are compared without regard to case, repeated ones are joined by a comma.
public struct HTTPHeaders: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    private var values: [String: String] = [:]

    public init() {}

    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { add(value, to: name) }
    }

    public subscript(name: String) -> String? {
        get { values[name.lowercased()] }
        set { values[name.lowercased()] = newValue }
    }

    /// Keeps what was there before, as for a header that is sent twice.
    public mutating func add(_ value: String, to name: String) {
        let name = name.lowercased()
        values[name] = values[name].map { "\($0), \(value)" } ?? value
    }

    /// Names in lower case and values, ordered by name.
    public var all: [(name: String, value: String)] {
        values.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }
}

extension HTTPHeaders: CustomStringConvertible, CustomReflectable {
    /// The names alone: values may be secrets.
    public var description: String { values.keys.sorted().joined(separator: ", ") }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
