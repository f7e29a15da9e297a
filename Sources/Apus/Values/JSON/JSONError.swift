/// Why text is not JSON, and where.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, Codable {
        /// RFC 8259 does not allow what stands there.
        case malformed
        /// Arrays and objects are nested deeper than allowed.
        case tooDeep
        /// A number is larger than any `Double`.
        case tooLarge
        /// The bytes are not UTF-8.
        case notUnicode
    }

    public var code: Code
    /// The number of bytes before the fault.
    public var offset: Int
    /// What would have been right there.
    public var expected: String

    public init(_ code: Code, offset: Int, expected: String) {
        self.code = code
        self.offset = offset
        self.expected = expected
    }

    /// Equal codes at equal places; what was expected is for a person.
    public static func == (left: Self, right: Self) -> Bool { left.code == right.code && left.offset == right.offset }

    public var description: String { "The text is not JSON: at byte \(offset), \(expected) was expected." }
}
