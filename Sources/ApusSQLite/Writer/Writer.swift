import Apus
import CSQLite

/// The one that writes: a thread with the connection, and the commits it takes together.
final class Writer {
    let core: StorageCore
    var table: EntryTable?
    /// The version of the database that others' commits change.
    private var dataVersion: Int64 = 0
    private var lastReclaim: Instant?
    /// What SQLite says about the log; it has an address of its own.
    private let log = LogLength()

    init(_ core: StorageCore) { self.core = core }

    /// The entries, over a connection that is open and settled.
    func ready() throws -> EntryTable {
        let table = try table ?? open()
        if core.isUnsettled { try settle(table.connection) }
        return table
    }

    @discardableResult
    func open() throws -> EntryTable {
        let table = try EntryTable(try core.file.openForWriting())
        log.attend(table.connection.handle)
        self.table = table
        return table
    }

    /// Does jobs until there are no more.
    func work() {
        while true {
            let jobs = core.writing.take(atMost: core.file.options.groupLimit)
            if jobs.isEmpty { break }
            var group: [CommitMember] = []
            var others: [WriterJob] = []
            for job in jobs {
                switch job {
                case .commit(let batch, let continuation): group.append(CommitMember(.batch(batch, continuation)))
                case .transact(let job): group.append(CommitMember(.transact(job)))
                case .read, .poll: others.append(job)
                }
            }
            if !group.isEmpty { commit(group) }
            for job in others { perform(job) }
            checkpointIfLong()
        }
    }

    private func perform(_ job: WriterJob) {
        switch job {
        case .read(let job):
            do {
                if let failure = job.run(try ready()) as? SQLiteFailure { judge(failure) }
            } catch {
                job.refuse(publicError(error))
            }
        case .poll(let continuation):
            poll()
            continuation.resume()
        case .commit, .transact: break
        }
    }

    /// Gives the connection up if it is not to be trusted any more.
    func judge(_ failure: SQLiteFailure) {
        guard failure.isIO else { return }
        table = nil
        core.count { $0.reopenings += 1 }
        _ = try? open()
    }

    private func poll() {
        guard let connection = try? ready().connection, let version = try? connection.number("PRAGMA data_version")
        else { return }
        if version != dataVersion { core.watchers.notifyAll() }
        dataVersion = version
    }

    /// Takes expired entries away now and then, as part of a transaction.
    func reclaimNowAndThen(_ table: EntryTable, _ now: Instant) throws(SQLiteFailure) {
        if let lastReclaim, lastReclaim.duration(to: now) < core.file.options.reclaimInterval { return }
        lastReclaim = now
        try table.reclaim(now.wallTime, limit: 256)
    }

    private func checkpointIfLong() {
        guard let table, log.pages >= core.file.options.checkpointPages else { return }
        let pages = log.pages
        log.pages = 0
        let code = sqlite3_wal_checkpoint_v2(table.connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        core.count {
            $0.checkpoints += 1
            $0.logPages = pages
        }
        if code & 0xFF == SQLITE_IOERR { judge(table.connection.failure(code)) }
    }
}

/// How many pages the log has.
final class LogLength {
    var pages = 0

    /// Lets the connection say so after each commit. The object has to live as long as it does.
    func attend(_ connection: OpaquePointer) {
        sqlite3_wal_hook(
            connection,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<LogLength>.fromOpaque(context).takeUnretainedValue().pages = Int(pages)
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}
