import ApusAgents

/// Hands out the elements of a JSON array while it arrives, in any chunks. It finds where they end, and checks nothing else.
struct JSONElements: Sendable {
    let elementLimit: Int

    private var element: [UInt8] = []
    private var depth = 0
    private var isInString = false
    private var isAfterBackslash = false

    init(elementLimit: Int) { self.elementLimit = elementLimit }

    /// - Throws: `HTTPError` with the code `tooLarge` when an element is longer than the limit; and what `emit` throws.
    mutating func consume(_ bytes: [UInt8], _ emit: ([UInt8]) throws -> Void) throws {
        for byte in bytes {
            if depth > 1 || depth == 1 && byte == UInt8(ascii: "{") {
                guard element.count < elementLimit else { throw HTTPError(.tooLarge, limit: .event(elementLimit)) }
                element.append(byte)
            }
            advance(byte)
            if depth == 1, !element.isEmpty {
                try emit(element)
                element.removeAll(keepingCapacity: true)
            }
        }
    }

    private mutating func advance(_ byte: UInt8) {
        if isInString {
            if isAfterBackslash {
                isAfterBackslash = false
            } else if byte == UInt8(ascii: "\\") {
                isAfterBackslash = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            return
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        default: break
        }
    }
}
