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
    package private(set) var link: JournalLink
    /// Where it begins; `nil` for the beginning of the run.
    let start: SnapshotPointer?

    init(from start: SnapshotPointer? = nil) {
        self.start = start
        link = start?.link ?? .start
    }

    /// Reads frames that were taken out of a storage, up to the first that is not what was written.
    init(_ frames: some Sequence<[UInt8]>, of run: RunID, from start: SnapshotPointer? = nil) {
        self.init(from: start)
        for frame in frames where damage == nil { add(frame, of: run) }
    }

    /// The number of the frame that comes next.
    var sequence: Int { (start?.sequence ?? 0) + frames.count }

    /// The numbers of its entries.
    package var numbers: Range<Int> {
        let first = entries.first?.number ?? 0
        return first..<first + entries.count
    }

    /// Its entries up to and with this number, which must be one of ``numbers``.
    package func entries(upTo number: Int) -> ArraySlice<Entry> { entries[...(number - numbers.lowerBound)] }

    /// Adds the next frame; what follows a damaged one is left out.
    mutating func add(_ bytes: [UInt8], of run: RunID) {
        do {
            let frame = try JournalFrame(bytes, run: run, sequence: sequence, after: link)
            var records = frame.records[...]
            var number = numbers.upperBound
            if start != nil, frames.isEmpty {
                records = records.drop { $0.tag != .snapshot }
                guard let json = records.first?.value, let snapshot = try? RunSnapshot(json) else {
                    throw JournalError(.unreadable, run: run, detail: "frame \(sequence) has no snapshot")
                }
                number = snapshot.records
            }
            for (place, record) in records.enumerated() {
                entries.append(
                    Entry(number: number + place, frame: frame.sequence, time: frame.time, record: record))
            }
            frames.append(bytes)
            link = frame.link
        } catch {
            damage = error as? JournalError
        }
    }

    mutating func end(_ error: JournalError) { damage = error }
}

extension JournalReader {
    /// Reads the journal from its first frame on, or from the snapshot before which everything was dropped, as far as it is whole. It
    /// only reads, and so disturbs nobody who writes.
    package func excerpt() async throws -> JournalExcerpt {
        while true {
            let pointer = try await pointer()
            let excerpt = try await excerpt(pointer)
            // Who executes the run may have dropped more while it was read.
            guard excerpt.damage?.code == .damaged, let newer = try await self.pointer(), newer != pointer
            else { return excerpt }
        }
    }

    private func excerpt(_ pointer: SnapshotPointer?) async throws -> JournalExcerpt {
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
            if excerpt.frames.isEmpty, let pointer, entries.first?.key == RunKeys.frame(run, pointer.sequence) {
                excerpt = JournalExcerpt(from: pointer)
            }
            for entry in entries where excerpt.damage == nil {
                let next = excerpt.sequence
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
