import Apus

/// Something to read, for whichever thread is free.
struct ReadJob: Sendable {
    /// Reads and answers; returns what went wrong, for the thread to judge its connection by.
    let run: @Sendable (EntryTable) -> (any Error)?
    /// Answers without having read.
    let refuse: @Sendable (any Error) -> Void
}

/// A thread's connection for reading, opened again when it failed.
final class Reader {
    private let file: DatabaseFile
    private var table: EntryTable?

    init(_ file: DatabaseFile) { self.file = file }

    /// Does jobs until there are no more.
    func work(off queue: JobQueue<ReadJob>) {
        // The connection stays open for as long as the thread lives, and the shared index of the log with it.
        table = try? open()
        while let job = queue.take(atMost: 1).first {
            do {
                let table = try table ?? open()
                self.table = table
                let error = job.run(table)
                if (error as? SQLiteFailure)?.isIO == true { self.table = nil }
            } catch {
                job.refuse(publicError(error))
            }
        }
        table = nil
    }

    private func open() throws -> EntryTable { try EntryTable(try file.openForReading()) }
}
