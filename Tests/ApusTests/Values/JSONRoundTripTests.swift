import Apus
import ApusTesting
import Testing

@Suite struct JSONRoundTripTests {
    @Test func `what is printed is read as the same value`() throws {
        for seed in UInt64(0)..<300 {
            var random = SeededGenerator(seed: seed)
            let value = Self.value(depth: 5, &random)
            let text = value.description
            #expect(try JSON(parsing: text) == value, "seed \(seed)")
            #expect(try JSON(parsing: text).description == text, "seed \(seed)")
        }
    }

    @Test func `damaged text is refused or read, and never anything else`() throws {
        for seed in UInt64(0)..<300 {
            var random = SeededGenerator(seed: seed)
            var bytes = Self.value(depth: 4, &random).bytes
            let place = Int.random(in: bytes.indices, using: &random)
            bytes[place] = UInt8.random(in: 0...255, using: &random)
            guard let value = try? JSON(parsing: bytes) else { continue }
            #expect(try JSON(parsing: value.bytes) == value, "seed \(seed)")
        }
    }

    private static func value(depth: Int, _ random: inout SeededGenerator) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64(bitPattern: random.next()) >> Int64.random(in: 0..<64, using: &random))
        case 3:
            let number = Double(bitPattern: random.next())
            return .number(number.isFinite ? number : 0.5)
        case 4, 5: return .string(text(&random))
        case 6: return .array((0..<Int.random(in: 0..<6, using: &random)).map { _ in value(depth: depth - 1, &random) })
        default:
            let count = Int.random(in: 0..<20, using: &random)
            return .object(JSON.Object((0..<count).map { _ in (text(&random), value(depth: depth - 1, &random)) }))
        }
    }

    private static func text(_ random: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0..<8, using: &random) {
            let code: UInt32 =
                switch Int.random(in: 0..<3, using: &random) {
                case 0: .random(in: 0..<0x80, using: &random)
                case 1: .random(in: 0..<0x800, using: &random)
                default: .random(in: 0..<0x11_0000, using: &random)
                }
            text.unicodeScalars.append(Unicode.Scalar(code) ?? "\u{FFFD}")
        }
        return text
    }
}
