/// Reads the journal of a run and checks that nothing of it was changed.
package struct JournalReader: Sendable {
    package let storage: any Storage
    package let run: RunID
    /// How many frames are read at once.
    static let page = 256

    package init(_ storage: any Storage, _ run: RunID) {
        self.storage = storage
        self.run = run
    }

    /// The frames that follow `sequence` and `link`, all that are there.
    ///
    /// Throws ``JournalError/Code/damaged`` where the hash chain breaks or a frame is missing between others.
    package func frames(
        from sequence: Int = 0, after link: JournalLink = .start, _ take: (JournalFrame) throws -> Void
    ) async throws {
        var (next, link) = (sequence, link)
        let range = StorageRange.below(RunKeys.journal(run))
        var page = StorageRange(from: RunKeys.frame(run, sequence), to: range.upper)
        while true {
            let entries = try await scan(page)
            for entry in entries {
                guard entry.key == RunKeys.frame(run, next) else {
                    throw JournalError(.damaged, run: run, detail: "frame \(next) is missing")
                }
                let frame = try JournalFrame(entry.value, run: run, sequence: next, after: link)
                try take(frame)
                link = frame.link
                next += 1
            }
            guard entries.count == Self.page, let last = entries.last else { return }
            page = page.after(last.key)
        }
    }

    /// What the journal says, from its newest snapshot on, and where it ends.
    func past() async throws -> (RunPast, JournalEnd) {
        var pointer = try await pointer()
        while true {
            do {
                return try await past(from: pointer)
            } catch let error as JournalError where error.code == .damaged {
                // Who executes the run may have dropped what a newer snapshot says.
                guard let newer = try await self.pointer(), newer != pointer else { throw error }
                pointer = newer
            }
        }
    }

    private func past(from pointer: SnapshotPointer?) async throws -> (RunPast, JournalEnd) {
        if let pointer, let found = try await soundPast(from: pointer), found.0.began != nil { return found }
        return try await past(from: 0, after: .start)
    }

    /// The same, `nil` if it is damaged. A storage that can't be read now says nothing of damage.
    private func soundPast(from pointer: SnapshotPointer) async throws -> (RunPast, JournalEnd)? {
        do {
            return try await past(from: pointer.sequence, after: pointer.link)
        } catch let error as JournalError where error.code == .damaged || Planted()(.troubleTakenForDamage) {
            return nil
        }
    }

    private func past(from first: Int, after start: JournalLink) async throws -> (RunPast, JournalEnd) {
        var past = RunPast()
        var end = JournalEnd(sequence: first, link: start)
        try await frames(from: first, after: start) { frame in
            for record in frame.records { past.add(record) }
            end = JournalEnd(sequence: frame.sequence + 1, link: frame.link, last: frame.bytes)
        }
        return (past, end)
    }

    private func scan(_ page: StorageRange) async throws -> [StorageEntry] {
        do {
            return try await storage.scan(page, limit: Self.page)
        } catch let error as StorageError where error.code == .corrupt {
            throw JournalError(.damaged, run: run, underlying: error)
        } catch let error as StorageError {
            throw JournalError(.storage, run: run, underlying: error)
        }
    }

    /// The same, `nil` also if it is damaged.
    func soundHead() async throws -> RunHead? {
        do {
            return try await head()
        } catch let error as JournalError where error.code == .damaged {
            return nil
        }
    }

    /// Where the newest snapshot is, as far as that is known: without it, all of the journal is read.
    func pointer() async throws -> SnapshotPointer? {
        do {
            return try await entry(at: RunKeys.snapshot(run)).flatMap { SnapshotPointer($0.value) }
        } catch let error as JournalError where error.code == .damaged {
            return nil
        }
    }

    /// What is known of the run without its journal; `nil` if there is none.
    package func head() async throws -> RunHead? {
        try await entry(at: RunKeys.head(run)).map { try RunHead($0, id: run) }
    }

    private func entry(at key: StorageKey) async throws -> StorageEntry? {
        do {
            return try await storage.read([key])[0]
        } catch let error as StorageError where error.code == .corrupt {
            throw JournalError(.damaged, run: run, underlying: error)
        } catch let error as StorageError {
            throw JournalError(.storage, run: run, underlying: error)
        }
    }
}

/// Where a journal ends, and so where its next frame goes.
package struct JournalEnd: Sendable, Equatable {
    /// Of the next frame.
    package var sequence = 0
    package var link = JournalLink.start
    /// The last frame as it is stored; it has to be there still when the next one is.
    package var last: [UInt8]?

    package init() {}

    init(sequence: Int, link: JournalLink, last: [UInt8]? = nil) {
        self.sequence = sequence
        self.link = link
        self.last = last
    }

    /// Stores the next frame where this is still the end. Without a fence it overwrites what another worker has stored.
    func store(_ bytes: [UInt8], in batch: inout StorageBatch, of run: RunID, isFenced: Bool) {
        let key = RunKeys.frame(run, sequence)
        if !isFenced { return batch.put(bytes, at: key) }
        batch.create(bytes, at: key)
        if let last { batch.require(.holds(RunKeys.frame(run, sequence - 1), last)) }
    }

    /// The end behind one more frame.
    func followed(by bytes: [UInt8], _ link: JournalLink) -> JournalEnd {
        JournalEnd(sequence: sequence + 1, link: link, last: bytes)
    }
}
