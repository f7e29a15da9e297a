import Apus
import Synchronization

/// What the storage and its threads share.
final class StorageCore: Sendable {
    let file: DatabaseFile
    let environment: any Environment
    let writing = JobQueue<WriterJob>()
    let reading = JobQueue<ReadJob>()
    let watchers = StorageWatchers()
    /// The threads that read, and the one that writes.
    let readers = Crew()
    let writer = Crew()
    private let unsettled = Atomic(false)
    private let statistics = Guarded(SQLiteStatistics())

    init(_ file: DatabaseFile, _ environment: any Environment) {
        self.file = file
        self.environment = environment
    }

    /// Whether a commit failed in a way that may come back after a crash. Nothing is read meanwhile.
    var isUnsettled: Bool {
        get { unsettled.load(ordering: .acquiring) }
        set { unsettled.store(newValue, ordering: .releasing) }
    }

    func count(_ change: (inout SQLiteStatistics) -> Void) { statistics.withLock { change(&$0) } }

    var currentStatistics: SQLiteStatistics { statistics.withLock { $0 } }

    // MARK: Threads

    /// Starts the threads; returns once the database is open.
    func start() async throws {
        try await withCheckedThrowingContinuation { (opened: CheckedContinuation<Void, any Error>) in
            writer.start("apus-sqlite") { [self] in
                let writer = Writer(self)
                do {
                    try writer.open()
                    opened.resume()
                } catch {
                    return opened.resume(throwing: publicError(error))
                }
                writer.work()
                // The last connection to close tidies up, which is for the one that writes.
                readers.wait()
            }
        }
        guard file.path != nil else { return }
        for _ in 0..<max(0, file.options.readers) {
            readers.start("apus-sqlite-read") { [self] in Reader(file).work(off: reading) }
        }
    }

    /// Lets the threads end, once they have done what they were asked.
    func stop() {
        watchers.finish()
        reading.close()
        writing.close()
    }

    // MARK: Asking

    /// Calls `body` on a thread that may block, with a connection that reads.
    func read<Value: Sendable>(_ body: @escaping @Sendable (EntryTable) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
            let job = ReadJob { table in
                do {
                    continuation.resume(returning: try body(table))
                    return nil
                } catch {
                    continuation.resume(throwing: publicError(error))
                    return error
                }
            } refuse: {
                continuation.resume(throwing: $0)
            }
            let isForWriter = file.path == nil || file.options.readers < 1 || isUnsettled
            let isTaken = isForWriter ? writing.add(.read(job)) : reading.add(job)
            if !isTaken { continuation.resume(throwing: StorageError(.closed)) }
        }
    }
}
