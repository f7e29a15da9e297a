/// The entries of a range, fetched page by page while they are read.
///
/// Each page is from one moment, different pages are not: an entry that is there all the time comes exactly once; one that is
/// written or deleted meanwhile may come or not.
public struct StorageEntries: AsyncSequence, Sendable {
    public typealias Element = StorageEntry
    public typealias Failure = any Error

    let storage: any Storage
    let range: StorageRange
    let pageSize: Int

    public struct Iterator: AsyncIteratorProtocol {
        let storage: any Storage
        let pageSize: Int
        /// What is left to fetch; `nil` after the last page.
        var rest: StorageRange?
        /// The entries of the page that are still to come, the next one last.
        var page: [StorageEntry] = []

        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> StorageEntry? {
            if page.isEmpty, let range = rest {
                page = try await storage.scan(range, limit: pageSize).reversed()
                rest = page.count < pageSize ? nil : page.first.map { range.after($0.key) }
            }
            return page.popLast()
        }
    }

    public func makeAsyncIterator() -> Iterator { Iterator(storage: storage, pageSize: pageSize, rest: range) }
}

extension Storage {
    /// The entries of a range, one after the other, without holding more than a page of them.
    public func entries(in range: StorageRange = .all, pageSize: Int = 256) -> StorageEntries {
        precondition(pageSize > 0, "a page of \(pageSize) entries never ends")
        return StorageEntries(storage: self, range: range, pageSize: pageSize)
    }
}
