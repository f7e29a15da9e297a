import Apus
import ApusTesting
/// Hides nothing from anybody, but behaves like a cipher: other bytes each time, bound to the key, damage noticed.
final class ToyCodec: StorageCodec {
    struct Broken: Error {}

    private let secret: UInt64
    private let nonces: Guarded<SeededGenerator>

    init(secret: UInt64 = 42) {
        self.secret = secret
        nonces = Guarded(SeededGenerator(seed: secret))
    }

    func encode(_ value: [UInt8], at key: StorageKey) throws -> [UInt8] {
        let nonce = nonces.withLock { $0.next() }
        return bytes(of: nonce) + bytes(of: mark(value, nonce, key)) + masked(value, nonce)
    }

    func decode(_ bytes: [UInt8], at key: StorageKey) throws -> [UInt8] {
        guard bytes.count >= 16 else { throw Broken() }
        let nonce = bytes[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let value = masked(Array(bytes[16...]), nonce)
        guard self.bytes(of: mark(value, nonce, key)) == Array(bytes[8..<16]) else { throw Broken() }
        return value
    }

    private func masked(_ value: [UInt8], _ nonce: UInt64) -> [UInt8] {
        let mask = UInt8(truncatingIfNeeded: (nonce ^ secret) &* 0x9E37_79B9 >> 24)
        return value.map { $0 ^ mask }
    }

    private func mark(_ value: [UInt8], _ nonce: UInt64, _ key: StorageKey) -> UInt64 {
        (key.bytes + value + [UInt8(key.bytes.count & 255)]).reduce(nonce ^ secret) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
    }

    private func bytes(of number: UInt64) -> [UInt8] {
        (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
    }
}
