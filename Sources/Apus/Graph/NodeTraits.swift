/// What a node needs beyond being called.
///
/// It stands outside of all generic types and is no `OptionSet`, so that reading one looks no metadata up.
struct NodeTraits: Sendable, BitwiseCopyable {
    private(set) var bits: UInt16 = 0

    /// It has a policy that keeps the state before it or waits.
    static let policy = NodeTraits(bits: 1)
    /// Its exit chooses.
    static let choice = NodeTraits(bits: 2)
    /// It has a failure exit, so the state before it is kept.
    static let failure = NodeTraits(bits: 4)
    /// It heads a loop or stands in a region, which has a limit.
    static let limited = NodeTraits(bits: 8)
    /// It talks to the driver: a composite, a sender, a reader, or a member of a region.
    static let handle = NodeTraits(bits: 16)
    /// It works on after it has handed its change on.
    static let runsOn = NodeTraits(bits: 32)
    /// It is reached by a failure exit.
    static let mends = NodeTraits(bits: 64)
    /// It stands in two loops or more.
    static let nested = NodeTraits(bits: 128)
    /// A milestone holds another node back until it has begun.
    static let heralds = NodeTraits(bits: 256)

    @inline(__always)
    func contains(_ other: NodeTraits) -> Bool { bits & other.bits != 0 }

    /// Whether the executor's fast path can run it: it may choose and be limited, and nothing else.
    @inline(__always)
    var isPlain: Bool { bits & ~(2 | 8) == 0 }

    mutating func insert(_ other: NodeTraits) { bits |= other.bits }

    static func | (left: NodeTraits, right: NodeTraits) -> NodeTraits { NodeTraits(bits: left.bits | right.bits) }
}
