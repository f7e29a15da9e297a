/// Tells any number of readers what happens. A reader that does not read loses the oldest of what it was told.
package final class Announcer<Element: Sendable>: Sendable {
    private struct Readers {
        var next = 0
        var continuations: [Int: AsyncStream<Element>.Continuation] = [:]
    }

    private let readers = Guarded(Readers())

    package init() {}

    /// What is announced from now on; the last `limit` elements are kept for whoever reads late.
    package func stream(limit: Int = 256) -> AsyncStream<Element> {
        let (stream, continuation) = AsyncStream.makeStream(of: Element.self, bufferingPolicy: .bufferingNewest(limit))
        let number = readers.withLock { readers in
            readers.next += 1
            readers.continuations[readers.next] = continuation
            return readers.next
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.readers.withLock { $0.continuations.removeValue(forKey: number) }
        }
        return stream
    }

    package func announce(_ element: Element) {
        let continuations = readers.withLock { readers in
            readers.continuations.keys.sorted().compactMap { readers.continuations[$0] }
        }
        for continuation in continuations { continuation.yield(element) }
    }

    deinit {
        for continuation in readers.withLock({ Array($0.continuations.values) }) { continuation.finish() }
    }
}
