/// A place in a ``Storage``: bytes, ordered as unsigned numbers, a prefix before what it begins.
///
/// A key made of parts is readable text, `journal/order-17/2c8`: the parts are joined by `/`, numbers sort as numbers, and a `/`
/// inside a part is escaped, so no part reaches into its neighbour. It is valid UTF-8 as long as it is made of parts.
public struct StorageKey: Sendable, Hashable {
    public let bytes: [UInt8]

    /// A key of these bytes as they are.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    public init(_ parts: any StorageKeyPart...) { self.init(parts) }

    public init(_ parts: [any StorageKeyPart]) {
        var bytes: [UInt8] = []
        for (position, part) in parts.enumerated() {
            if position > 0 { bytes.append(Self.separator) }
            part.append(to: &bytes)
        }
        self.bytes = bytes
    }

    /// This key with one more part.
    public func appending(_ part: some StorageKeyPart) -> StorageKey {
        var longer = bytes
        if !longer.isEmpty { longer.append(Self.separator) }
        part.append(to: &longer)
        return StorageKey(bytes: longer)
    }

    /// The parts of a key, text unescaped; a number comes as it is written.
    public var parts: [String] {
        bytes.split(separator: Self.separator, omittingEmptySubsequences: false).map(Self.unescaped)
    }

    /// The longest key that every adapter has to take, in bytes.
    public static let maximumLength = 1_024

    static let separator = UInt8(ascii: "/")
}

extension StorageKey: Comparable {
    public static func < (left: Self, right: Self) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

extension StorageKey: CustomStringConvertible {
    /// The bytes as text, for a person.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

/// What a ``StorageKey`` can be made of.
public protocol StorageKeyPart: Sendable {
    func append(to key: inout [UInt8])
}

extension String: StorageKeyPart {
    public func append(to key: inout [UInt8]) {
        for byte in utf8 {
            if byte == StorageKey.separator || byte == StorageKey.escape || byte < 0x20 || byte == 0x7F {
                key.append(StorageKey.escape)
                key.append(HexDigit.of(byte >> 4))
                key.append(HexDigit.of(byte & 15))
            } else {
                key.append(byte)
            }
        }
    }
}

extension RunID: StorageKeyPart {
    public func append(to key: inout [UInt8]) { value.append(to: &key) }
}

extension UInt64: StorageKeyPart {
    /// The count of hexadecimal digits as one letter, then the digits: short, and in the order of the numbers.
    public func append(to key: inout [UInt8]) {
        let count = Swift.max(1, (UInt64.bitWidth - leadingZeroBitCount + 3) / 4)
        key.append(UInt8(ascii: "a") + UInt8(count - 1))
        for position in (0..<count).reversed() {
            key.append(HexDigit.of(UInt8(truncatingIfNeeded: self >> (UInt64(position) * 4)) & 15))
        }
    }
}

extension Int: StorageKeyPart {
    /// As a `UInt64`. Negative numbers have no place in a key.
    public func append(to key: inout [UInt8]) {
        precondition(self >= 0, "the number \(self) can't be part of a storage key: it is negative")
        UInt64(self).append(to: &key)
    }
}

extension StorageKey {
    static let escape = UInt8(ascii: "%")

    /// The number that a part was made of; `nil` if it was not made of one.
    public static func number(_ part: String) -> UInt64? {
        guard let first = part.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "p")).contains(first) else { return nil }
        let digits = part.utf8.dropFirst()
        guard digits.count == Int(first - UInt8(ascii: "a")) + 1 else { return nil }
        return UInt64(Substring(digits), radix: 16)
    }

    private static func unescaped(_ part: ArraySlice<UInt8>) -> String {
        guard part.contains(escape) else { return String(decoding: part, as: UTF8.self) }
        var bytes: [UInt8] = []
        var rest = part
        while let byte = rest.popFirst() {
            let code = rest.prefix(2)
            if byte == escape, code.count == 2, let value = UInt8(String(decoding: code, as: UTF8.self), radix: 16) {
                bytes.append(value)
                rest.removeFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
