/// Where a stretch of a run stands in its trace: what one worker does of it from when it takes it up until it lets go of it.
public struct RunTrace: Sendable, Hashable {
    /// The stretch itself.
    public var context: TraceContext
    /// What started the run; there for its first stretch alone.
    public var parent: SpanID?
    /// The stretch before.
    public var link: TraceContext?
    /// Whether nobody watches, so that ``context`` is what it was given, to be handed on.
    package var isPassed = false

    public init(context: TraceContext, parent: SpanID? = nil, link: TraceContext? = nil) {
        self.context = context
        self.parent = parent
        self.link = link
    }

    /// The span of an attempt of an activation. Whoever knows the stretch can name it, before and after it has ended.
    public func span(of activation: ActivationID, attempt: Int = 1) -> SpanID {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ context.span.value
        func mix(_ value: UInt64) { hash = (hash ^ value) &* 0x0000_0100_0000_01B3 }
        for step in activation.path {
            for byte in step.node.utf8 { mix(UInt64(byte)) }
            mix(0x100)
            for round in step.iterations { mix(UInt64(bitPattern: Int64(round)) &+ 0x200) }
            mix(step.index.map { UInt64(bitPattern: Int64($0)) &+ 0x1_0000_0000 } ?? 0x300)
        }
        mix(UInt64(bitPattern: Int64(attempt)))
        return SpanID(Self.spread(hash))
    }

    /// Lets each bit depend on all of them.
    static func spread(_ value: UInt64) -> UInt64 {
        var mixed = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// What is stored of a run's trace, so that it goes on in other processes.
package struct StoredTrace: Sendable, Hashable, Codable {
    package var context: TraceContext
    /// Whether the context is a stretch of the run, not what started it.
    package var isBegun: Bool

    package init(_ context: TraceContext, isBegun: Bool) {
        self.context = context
        self.isBegun = isBegun
    }
}
