/// Reads a stream element by element, from inside a closure.
final class StreamReader<Element: Sendable>: @unchecked Sendable {
    // Invariant: one task calls it at a time, since an AsyncStream that is made of its calls has one reader.
    private var iterator: AsyncStream<Element>.Iterator

    init(_ stream: AsyncStream<Element>) { iterator = stream.makeAsyncIterator() }

    func next() async -> Element? { await iterator.next(isolation: nil) }
}
