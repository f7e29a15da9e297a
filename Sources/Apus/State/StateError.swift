/// Why changes of a state could not come together.
public struct StateError: Error, Sendable, Equatable, CustomStringConvertible {
    @nonexhaustive public enum Code: String, Sendable, Hashable, Codable {
        /// A sum left the range of its type.
        case overflow
        /// Two branches wrote what only one may.
        case conflict
        /// A custom merge threw ``StateError/underlying``.
        case mergeFailed
    }

    public var code: Code
    /// `nil` stands for the properties that no field names.
    public var field: String?
    /// The two activations in conflict, in the order in which they completed.
    public var writers: [String]
    /// The key both wrote, in a merge by key.
    public var key: String?
    /// What a custom merge threw; it takes no part in equality.
    public var underlying: (any Error)?

    public init(
        _ code: Code, field: String?, writers: [String] = [], key: String? = nil, underlying: (any Error)? = nil
    ) {
        self.code = code
        self.field = field
        self.writers = writers
        self.key = key
        self.underlying = underlying
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.code == right.code && left.field == right.field && left.writers == right.writers && left.key == right.key
    }

    public var description: String {
        let place = field.map { "the field \"\($0)\"" } ?? "properties that no field names"
        switch code {
        case .overflow:
            return "Adding up \(place) left the range of its type; give it a wider integer."
        case .mergeFailed:
            let reason = underlying.map { " with \(type(of: $0))" } ?? ""
            return "The merge of \(place) failed\(reason)."
        case .conflict:
            let names = writers.map { "\"\($0)\"" }.joined(separator: " and ")
            let target = key.map { "the key \"\($0)\" of \(place)" } ?? place
            let mend = field == nil ? "declare a field for each" : "give the field a merge that can say both changes"
            return "\(names) wrote \(target), and neither comes after the other; order them with an edge, or \(mend)."
        }
    }
}
