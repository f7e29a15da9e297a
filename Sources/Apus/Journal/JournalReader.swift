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

    /// What the journal says, from its newest snapshot on, and where it ends; `nil` if there is no such run.
    func past() async throws -> (RunPast, sequence: Int, link: JournalLink)? {
        guard var (_, pointer) = try await headAndPointer() else { return nil }
        while true {
            do {
                return try await past(from: pointer)
            } catch let error as JournalError where error.code == .damaged {
                // Who executes the run may have dropped what a newer snapshot says.
                guard let newer = try await headAndPointer()?.pointer, newer != pointer else { throw error }
                pointer = newer
            }
        }
    }

    private func past(from pointer: SnapshotPointer?) async throws -> (RunPast, sequence: Int, link: JournalLink) {
        if let pointer, let found = try? await past(from: pointer.sequence, after: pointer.link),
            found.0.began != nil
        {
            return found
        }
        return try await past(from: 0, after: .start)
    }

    private func past(from first: Int, after start: JournalLink) async throws -> (
        RunPast, sequence: Int, link: JournalLink
    ) {
        var past = RunPast()
        var (sequence, link) = (first, start)
        try await frames(from: first, after: start) { frame in
            for record in frame.records { past.add(record) }
            sequence = frame.sequence + 1
            link = frame.link
        }
        return (past, sequence, link)
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

    /// What is known of the run without its journal; `nil` if there is none.
    package func head() async throws -> RunHead? { try await headAndPointer()?.head }

    /// The same, with where its newest snapshot is.
    func headAndPointer() async throws -> (head: RunHead, pointer: SnapshotPointer?)? {
        do {
            let entries = try await storage.read([RunKeys.head(run), RunKeys.snapshot(run)])
            guard let entry = entries[0] else { return nil }
            return (try RunHead(entry.value, id: run), entries[1].flatMap { SnapshotPointer($0.value) })
        } catch let error as StorageError where error.code == .corrupt {
            throw JournalError(.damaged, run: run, underlying: error)
        } catch let error as StorageError {
            throw JournalError(.storage, run: run, underlying: error)
        }
    }
}
