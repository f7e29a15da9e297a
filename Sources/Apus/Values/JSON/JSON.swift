import Foundation

/// A JSON value, with the members of objects in the order in which they were written.
///
/// ```swift
/// var request: JSON = ["model": "small", "stream": true]
/// request["max_tokens"] = 512
/// let answer = try JSON(parsing: #"{"choices":[{"text":"Hello"}]}"#)
/// let text = answer["choices"]?[0]?["text"]?.text
/// ```
///
/// Two values are equal if they mean the same: `1` equals `1.0`, and the order of members doesn't count. Strings are equal
/// if their Unicode scalars are, without normalisation.
public enum JSON: Sendable {
    case null
    case bool(Bool)
    /// A number that was written without a fraction and an exponent.
    case integer(Int64)
    /// Any other number. What is not finite has no place in JSON and is written as `null`.
    case number(Double)
    case string(String)
    case array([JSON])
    case object(Object)

    /// How deep arrays and objects may be nested in text, unless told otherwise.
    public static let defaultDepth = 512
    /// How deep they may be nested in text whatever is told: a value is freed level by level, on the stack of a thread, some 300 bytes
    /// each.
    public static let maximumDepth = 1_024
}

extension JSON: Hashable {
    public static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.integer(let integer), .number(let number)), (.number(let number), .integer(let integer)):
            Int64(exactly: number) == integer
        case (.string(let left), .string(let right)): left.isSame(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .number(let value):
            if let integer = Int64(exactly: value) { hasher.combine(integer) } else { hasher.combine(value) }
        case .string(let value): value.hashScalars(into: &hasher)
        case .array(let elements): hasher.combine(elements)
        case .object(let members): hasher.combine(members)
        }
    }
}

extension String {
    /// Whether both have the same Unicode scalars. `==` also takes canonical equivalents for the same, JSON does not.
    func isSame(as other: String) -> Bool {
        let count = utf8.count
        guard count == other.utf8.count else { return false }
        let verdict = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in
                count == 0 || memcmp(left.baseAddress!, right.baseAddress!, count) == 0
            }
        }
        return (verdict ?? nil) ?? utf8.elementsEqual(other.utf8)
    }

    func hashScalars(into hasher: inout Hasher) {
        var text = self
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(UInt8(0xFF))
    }
}
