/// A ``Storage`` that tells when something may have changed.
public protocol WatchableStorage: Storage {
    /// One element soon after each commit that touched `range`, the first at once; commits that follow closely may share one. An
    /// element is a hint to look, never a promise that something is different. Leaving the sequence ends the watch.
    func changes(in range: StorageRange) -> AsyncStream<Void>
}
