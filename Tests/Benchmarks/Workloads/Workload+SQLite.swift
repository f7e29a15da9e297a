import Apus
import ApusSQLite
import Foundation
import Synchronization

extension Workload {
    /// What it takes until four kilobytes are on the disk, beside what it takes to hand them to the system.
    static let fsync = Workload("sqlite-fsync") {
        try await Disk.within { disk in
            let file = open(disk.path("file"), O_CREAT | O_WRONLY, 0o600)
            defer { close(file) }
            let page = [UInt8](repeating: 7, count: 4_096)
            let times = try await Contest(rounds: 3).time {
                for _ in 0..<200 {
                    try MeasureError.expect(write(file, page, page.count), page.count)
                    try MeasureError.expect(Int(Foundation.fsync(file)), 0)
                }
            } against: {
                for _ in 0..<200 { try MeasureError.expect(write(file, page, page.count), page.count) }
            }
            return [
                Figure(
                    workload: "sqlite-fsync", n: 1, apus: times.first / 200, raw: times.second / 200, unit: "µs/page")
            ]
        }
    }

    /// One commit after the other.
    static let commit = Workload("sqlite-commit") {
        try await Disk.within { disk in
            let storage = try await SQLiteStorage.open(at: disk.path("apus"))
            let raw = try RawSQLite(at: disk.path("raw"))
            let counts = (apus: Keys(), raw: Keys())
            let times = try await Contest(rounds: 5).time {
                for _ in 0..<500 { try await storage.commit(counts.apus.next(of: 1)) }
            } against: {
                for _ in 0..<500 { try raw.commit(Keys.value, at: counts.raw.key(of: 1)) }
            }
            await storage.close()
            return [
                Figure(
                    workload: "sqlite-commit", n: 1, apus: times.first / 500, raw: times.second / 500,
                    unit: "µs/commit", bars: [.ratio(1.2)])
            ]
        }
    }

    /// Many commits at once, each committer writing the journal of a run of its own, beside SQLite with one after the other.
    static let group = Workload("sqlite-group") {
        var figures: [Figure] = []
        for (committers, each) in [(64, 200), (1_000, 20)] {
            try await Disk.within { disk in
                let storage = try await SQLiteStorage.open(at: disk.path("apus"))
                let raw = try RawSQLite(at: disk.path("raw"))
                let keys = (apus: (0..<committers).map { _ in Keys() }, raw: Keys())
                let times = try await Contest(rounds: 4).time {
                    try await withThrowingDiscardingTaskGroup { group in
                        for run in 0..<committers {
                            group.addTask {
                                for _ in 0..<each { try await storage.commit(keys.apus[run].next(of: run)) }
                            }
                        }
                    }
                } against: {
                    for count in 0..<500 { try raw.commit(Keys.value, at: keys.raw.key(of: count % committers)) }
                }
                await storage.close()
                figures.append(
                    Figure(
                        workload: "sqlite-group", n: committers, apus: times.first / Double(committers * each),
                        raw: times.second / 500, unit: "µs/commit", bars: committers == 64 ? [.ratio(1.0 / 7)] : []))
            }
        }
        return figures
    }
}

/// Keys as journals have them: one run's records beside each other, numbered.
private final class Keys: Sendable {
    static let value = [UInt8](repeating: 42, count: 200)
    private let count = Atomic(0)

    func key(of run: Int) -> StorageKey {
        StorageKey("journal", "order-\(run)", count.add(1, ordering: .relaxed).newValue)
    }

    func next(of run: Int) -> StorageBatch {
        var batch = StorageBatch()
        batch.put(Self.value, at: key(of: run))
        return batch
    }
}

/// A folder beside the build, because temporary folders may be in memory.
struct Disk {
    let folder: URL

    func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }

    static func within<Value>(_ body: (Disk) async throws -> Value) async throws -> Value {
        let name = "benchmark-\(ProcessInfo.processInfo.processIdentifier)"
        let folder = URL(filePath: FileManager.default.currentDirectoryPath).appending(path: ".build/\(name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(Disk(folder: folder))
    }
}
