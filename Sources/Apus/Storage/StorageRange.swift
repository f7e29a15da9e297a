/// The keys from `lower` on and before `upper`, in one direction.
public struct StorageRange: Sendable, Hashable {
    public var lower: StorageKey
    /// The first key that is no longer in the range; `nil` for all that follow `lower`.
    public var upper: StorageKey?
    /// Whether a scan begins at the end.
    public var isDescending = false

    public init(from lower: StorageKey, to upper: StorageKey? = nil) {
        self.lower = lower
        self.upper = upper
    }

    /// All keys.
    public static var all: StorageRange { StorageRange(from: StorageKey(bytes: [])) }

    /// All keys that begin with the parts of `key` and have at least one more.
    public static func below(_ key: StorageKey) -> StorageRange {
        StorageRange(
            from: StorageKey(bytes: key.bytes + [StorageKey.separator]),
            to: StorageKey(bytes: key.bytes + [StorageKey.separator + 1]))
    }

    /// The same keys, from the last to the first.
    public var descending: StorageRange {
        var range = self
        range.isDescending = true
        return range
    }

    /// What is left of the range behind `key`, in its direction: where the next page of a scan begins.
    public func after(_ key: StorageKey) -> StorageRange {
        var range = self
        if isDescending { range.upper = key } else { range.lower = StorageKey(bytes: key.bytes + [0]) }
        return range
    }

    /// The part of the range that comes before `key`, in its direction.
    func before(_ key: StorageKey) -> StorageRange {
        var range = self
        if isDescending { range.lower = StorageKey(bytes: key.bytes + [0]) } else { range.upper = key }
        return range
    }

    public func contains(_ key: StorageKey) -> Bool { key >= lower && upper.map { key < $0 } ?? true }
}
