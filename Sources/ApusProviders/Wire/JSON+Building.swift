import Apus
import ApusAgents
import Foundation

extension JSON {
    /// Sets what has a value and leaves out what has none.
    mutating func put(_ key: String, _ value: JSON?) {
        if let value { self[key] = value }
    }

    mutating func put(_ key: String, _ value: String?) { put(key, value.map { .string($0) }) }
    mutating func put(_ key: String, _ value: Int?) { put(key, value.map { .integer(Int64($0)) }) }
    mutating func put(_ key: String, _ value: Double?) { put(key, value.map { .number($0) }) }
    mutating func put(_ key: String, _ value: Bool?) { put(key, value.map { .bool($0) }) }
    /// No list at all where it would be empty.
    mutating func put(_ key: String, _ values: [JSON]) { put(key, values.isEmpty ? nil : .array(values)) }

    /// Lays the members that a caller wants in the body over those that a dialect wrote.
    mutating func lay(_ extra: JSON.Object) {
        for (key, value) in extra { self[key] = value }
    }

    /// A number of tokens, 0 where there is none; nothing that a server writes makes a sum of them overflow.
    subscript(count key: String) -> Int { self[key]?.counted ?? 0 }

    /// The same of this value; `nil` where it is no integer.
    var counted: Int? { integerValue.map { Swift.min(Swift.max($0, 0), 1 << 40) } }

    /// Text that is there and not empty.
    func words(_ key: String) -> String? {
        guard let text = self[key]?.text, !text.isEmpty else { return nil }
        return text
    }
}

extension [UInt8] {
    /// What `base64` stands for; nothing if it is no Base64.
    init(base64: String) { self = Data(base64Encoded: base64).map { Array($0) } ?? [] }

    var base64: String { Data(self).base64EncodedString() }
}

extension Media {
    /// The bytes as Base64 where they are at hand.
    var base64: String? {
        if case .bytes(let bytes) = source { bytes.base64 } else { nil }
    }

    /// A link: the one that it is, or one that holds the bytes.
    var link: String? {
        switch source {
        case .bytes(let bytes): "data:\(type);base64,\(bytes.base64)"
        case .url(let url): url
        case .id: nil
        }
    }
}

extension ChatPart {
    /// What this provider left here to have back.
    func opaque(of provider: String) -> JSON? {
        opaque?.provider == provider ? opaque?.value : nil
    }
}

extension AnswerFault {
    /// The vendor has no words for `what`.
    static func unsupported(_ what: String) -> Self { Self(.unsupported, "there is no way to send \(what)") }
    /// The answer lacks `what`.
    static func missing(_ what: String) -> Self { Self(.malformedAnswer, "the answer has no \(what)") }
}
