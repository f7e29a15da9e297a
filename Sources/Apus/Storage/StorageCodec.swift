/// What turns values into the bytes that are stored, and back: a cipher, for example.
public protocol StorageCodec: Sendable {
    /// The bytes to store for a value. A cipher draws a new nonce each time and binds `key` as associated data, so that a value
    /// moved to another key can't be read there.
    func encode(_ value: [UInt8], at key: StorageKey) throws -> [UInt8]
    /// The value that was encoded at `key`; throws if the bytes are damaged, come from another key or are of another secret.
    func decode(_ bytes: [UInt8], at key: StorageKey) throws -> [UInt8]
}
