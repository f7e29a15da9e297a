import Apus

/// Chunks that are there already, handed out one by one.
final class ChunkQueue: Sendable {
    private let rest: Guarded<ArraySlice<[UInt8]>>

    init(_ chunks: [[UInt8]]) { rest = Guarded(chunks[...]) }

    func pop() -> [UInt8]? { rest.withLock { $0.popFirst() } }
}
