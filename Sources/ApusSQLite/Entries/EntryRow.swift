import Apus
import CSQLite
import Foundation

/// The row that a statement stands on, found to be as it was written. It is valid until the statement moves.
struct EntryRow {
    let value: UnsafeRawBufferPointer
    let expires: WallTime?

    /// `nil` if it is damaged. The first columns of the statement are ``columns``.
    init?(verifying statement: Statement, key: UnsafeRawBufferPointer) {
        value = statement.bytes(0)
        switch statement.kind(1) {
        case SQLITE_NULL: expires = nil
        case SQLITE_INTEGER: expires = WallTime(milliseconds: statement.number(1))
        default: return nil
        }
        guard statement.kind(0) == SQLITE_BLOB, statement.kind(2) == SQLITE_INTEGER else { return nil }
        let checksum = RowChecksum(key: key, value: value, expires: expires)
        guard statement.number(2) == Int64(bitPattern: checksum.value) else { return nil }
    }

    static let columns = "value, expires, checksum"

    func holds(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == value.count else { return false }
        return bytes.withUnsafeBytes { other in
            guard let left = value.baseAddress, let right = other.baseAddress else { return true }
            return memcmp(left, right, bytes.count) == 0
        }
    }

    func isLive(_ now: WallTime) -> Bool { expires.map { now < $0 } ?? true }
}
