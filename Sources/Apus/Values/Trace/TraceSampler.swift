/// Which traces are recorded, decided where they begin.
public indirect enum TraceSampler: Sendable, Hashable {
    case always
    case never
    /// This part of all traces, by their ids: all programs that ask for the same part choose the same traces, and those that ask for
    /// less choose some of them.
    case ratio(Double)
    /// What was decided where the trace came from; for one that begins here, what `root` says.
    case parentBased(root: TraceSampler)

    public func samples(_ trace: TraceID, parent: TraceContext?) -> Bool {
        switch self {
        case .always: return true
        case .never: return false
        case .ratio(let part):
            let range = Double(1 << 56 as UInt64)
            // The last seven bytes are the random ones.
            return Double(trace.low & (1 << 56 - 1)) >= (1 - min(1, max(0, part))) * range
        case .parentBased(let root): return parent?.isSampled ?? root.samples(trace, parent: nil)
        }
    }
}
