/// What the systems that took part in a trace want to be passed on: the header `tracestate`.
public struct TraceState: Sendable, Hashable, CustomStringConvertible {
    public struct Member: Sendable, Hashable {
        public var key: String
        public var value: String
    }

    /// Whoever wrote last comes first.
    public private(set) var members: [Member] = []

    public init() {}

    /// Reads the header; several of them are joined by commas. `nil` if it is not well-formed, has more than 32 members or one twice.
    public init?(_ header: String) {
        for part in header.utf8.split(separator: UInt8(ascii: ",")) {
            let text = Substring(part).drop { $0 == " " || $0 == "\t" }
            let trimmed = text.utf8.reversed().drop { $0 == 0x20 || $0 == 0x09 }.reversed()
            if trimmed.isEmpty { continue }
            let pair = trimmed.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, Self.isKey(Array(pair[0])), Self.isValue(Array(pair[1])) else { return nil }
            let member = Member(
                key: String(decoding: pair[0], as: UTF8.self), value: String(decoding: pair[1], as: UTF8.self))
            guard !members.contains(where: { $0.key == member.key }), members.count < 32 else { return nil }
            members.append(member)
        }
    }

    public var isEmpty: Bool { members.isEmpty }

    public subscript(key: String) -> String? { members.first { $0.key == key }?.value }

    /// Puts a member in front, in place of the one of this key; false if key or value can't stand in the header. The oldest of
    /// more than 32 is dropped.
    public mutating func put(_ key: String, _ value: String) -> Bool {
        guard Self.isKey(Array(key.utf8)), Self.isValue(Array(value.utf8)) else { return false }
        members.removeAll { $0.key == key }
        members.insert(Member(key: key, value: value), at: 0)
        if members.count > 32 { members.removeLast() }
        return true
    }

    public var description: String { members.map { "\($0.key)=\($0.value)" }.joined(separator: ",") }

    /// A key begins with a letter in lower case; one of a tenant at a system, `tenant@system`, may begin with a digit.
    private static func isKey(_ key: [UInt8]) -> Bool {
        let parts = key.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false).map(Array.init)
        switch parts.count {
        case 1: return parts[0].count <= 256 && isName(parts[0], digitFirst: false)
        case 2:
            return parts[0].count <= 241 && parts[1].count <= 14 && isName(parts[0], digitFirst: true)
                && isName(parts[1], digitFirst: false)
        default: return false
        }
    }

    private static func isName(_ name: [UInt8], digitFirst: Bool) -> Bool {
        guard let first = name.first else { return false }
        guard (97...122).contains(first) || digitFirst && (48...57).contains(first) else { return false }
        return name.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || "_-*/".utf8.contains($0) }
    }

    private static func isValue(_ value: [UInt8]) -> Bool {
        guard let last = value.last, value.count <= 256, last != 0x20 else { return false }
        return value.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "=") }
    }
}
