/// Places inside a JSON value, written as RFC 6901 has it.
enum JSONPointer {
    static func escaped(_ token: String) -> String {
        guard token.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return token }
        return token.replacing("~", with: "~0").replacing("/", with: "~1")
    }

    /// The tokens of a pointer that begins with a slash.
    static func tokens(_ pointer: some StringProtocol) -> [String] {
        pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
    }
}

extension JSON {
    /// The member or element that a token of a JSON Pointer names.
    subscript(token token: String) -> JSON? {
        switch self {
        case .object(let members): members[token]
        case .array: Int(token).flatMap { self[$0] }
        default: nil
        }
    }
}
