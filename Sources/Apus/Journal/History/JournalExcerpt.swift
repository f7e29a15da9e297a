/// All of a journal that can be read, and why what follows can't.
package struct JournalExcerpt: Sendable {
    /// One record, where it stands and when it was stored.
    package struct Entry: Sendable {
        /// Counts the records of the run from 0.
        package var number: Int
        package var frame: Int
        package var time: WallTime
        package var record: JournalRecord
    }

    package private(set) var entries: [Entry] = []
    /// The frames as they are stored.
    package private(set) var frames: [[UInt8]] = []
    package private(set) var damage: JournalError?
    /// The hash of the last frame.
    package private(set) var link = JournalLink.start

    package init() {}

    /// Reads frames that were taken out of a storage, up to the first that is not what was written.
    package init(_ frames: some Sequence<[UInt8]>, of run: RunID) {
        for frame in frames where damage == nil { add(frame, of: run) }
    }

    /// Adds the next frame; what follows a damaged one is left out.
    mutating func add(_ bytes: [UInt8], of run: RunID) {
        do {
            let frame = try JournalFrame(bytes, run: run, sequence: frames.count, after: link)
            for record in frame.records {
                entries.append(
                    Entry(number: entries.count, frame: frames.count, time: frame.time, record: record))
            }
            frames.append(bytes)
            link = frame.link
        } catch {
            damage = error
        }
    }

    mutating func end(_ error: JournalError) { damage = error }
}

extension JournalReader {
    /// Reads the journal from its first frame on, as far as it is whole. It only reads, and so disturbs nobody who writes.
    package func excerpt() async throws -> JournalExcerpt {
        var excerpt = JournalExcerpt()
        var range = StorageRange.below(RunKeys.journal(run))
        while excerpt.damage == nil {
            let entries: [StorageEntry]
            do {
                entries = try await storage.scan(range, limit: Self.page)
            } catch let error as StorageError where error.code == .corrupt {
                excerpt.end(JournalError(.damaged, run: run, underlying: error))
                break
            } catch let error as StorageError {
                throw JournalError(.storage, run: run, underlying: error)
            }
            for entry in entries where excerpt.damage == nil {
                let next = excerpt.frames.count
                if entry.key == RunKeys.frame(run, next) {
                    excerpt.add(entry.value, of: run)
                } else {
                    excerpt.end(JournalError(.damaged, run: run, detail: "frame \(next) is missing"))
                }
            }
            guard entries.count == Self.page, let last = entries.last else { break }
            range = range.after(last.key)
        }
        return excerpt
    }
}
