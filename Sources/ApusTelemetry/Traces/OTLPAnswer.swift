import Apus

/// What a collector says to a request that it took: an `ExportTraceServiceResponse`.
struct OTLPAnswer {
    /// How many spans of the request it did not take.
    var rejected = 0

    init(_ body: [UInt8], _ encoding: OTLPEncoding) {
        switch encoding {
        case .json:
            let count = (try? JSON(parsing: body))?["partialSuccess"]?["rejectedSpans"]
            rejected = max(0, count?.text.flatMap { Int($0) } ?? count?.integerValue ?? 0)
        case .protobuf:
            guard case .bytes(let partial)? = Self.field(1, of: body[...]) else { return }
            if case .number(let count)? = Self.field(1, of: partial) { rejected = Int(clamping: count) }
        }
    }

    private enum Value { case number(UInt64), bytes(ArraySlice<UInt8>) }

    /// The first value of a field; `nil` if it is not there or the message is none.
    private static func field(_ wanted: UInt64, of message: ArraySlice<UInt8>) -> Value? {
        var rest = message
        while !rest.isEmpty {
            guard let tag = varint(&rest) else { return nil }
            let value: Value
            switch tag & 7 {
            case 0:
                guard let number = varint(&rest) else { return nil }
                value = .number(number)
            case 1, 5:
                let length = tag & 7 == 1 ? 8 : 4
                guard rest.count >= length else { return nil }
                value = .bytes(rest.prefix(length))
                rest = rest.dropFirst(length)
            case 2:
                guard let length = varint(&rest), length <= rest.count else { return nil }
                value = .bytes(rest.prefix(Int(length)))
                rest = rest.dropFirst(Int(length))
            default: return nil
            }
            if tag >> 3 == wanted { return value }
        }
        return nil
    }

    private static func varint(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
