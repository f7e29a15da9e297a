/// Adds up what the calls of a ``MeteredStorage`` did.
public final class StorageMeter: Sendable {
    /// Sums over calls of one kind.
    public struct Totals: Sendable, Hashable {
        public var calls = 0
        public var items = 0
        public var bytes = 0
        /// Batches whose preconditions did not hold.
        public var conflicts = 0
        /// Calls that threw anything else.
        public var failures = 0
        public var duration: Duration = .zero
        public var longest: Duration = .zero

        public init() {}

        mutating func add(_ call: StorageCall) {
            calls += 1
            items += call.items
            bytes += call.bytes
            if call.error == .conflict { conflicts += 1 } else if call.isFailed { failures += 1 }
            duration += call.duration
            longest = max(longest, call.duration)
        }
    }

    private let totals = Guarded<[StorageCall.Kind: Totals]>([:])

    public init() {}

    public func record(_ call: StorageCall) { totals.withLock { $0[call.kind, default: Totals()].add(call) } }

    /// What the calls of one kind came to so far.
    public subscript(kind: StorageCall.Kind) -> Totals { totals.withLock { $0[kind] ?? Totals() } }
}
