import Apus
import ApusSQLite
import AsideKit
import CrashKit
import Foundation
import ProcessKit
import SQLiteFaults
import Testing

/// While a run is written down in an SQLite file, the disk fails at one operation after the other.
@Suite(.aside) struct FailingDiskTests {
    /// What goes wrong, and whether it lasts until somebody mends it.
    struct Trouble: Sendable, CustomStringConvertible {
        var fault: DiskFault
        var lasts = false
        var description: String { "\(fault)\(lasts ? ", lasting" : "")" }

        static let all = [
            Trouble(fault: .tornWrite), Trouble(fault: .powerLoss), Trouble(fault: .failure), Trouble(fault: .full),
            Trouble(fault: .failure, lasts: true), Trouble(fault: .full, lasts: true),
        ]
    }

    private let run = RunID("one")
    private static let isFull = ProcessInfo.processInfo.environment["APUS_SIMULATE"] == "full"

    @Test(arguments: Trouble.all)
    func
        `a run on a disk that fails begins no effect without a stored intent, repeats none that is stored, and ends well`(
            _ trouble: Trouble
        ) async throws
    {
        let disk = FaultyDisk(name: "run-\(trouble.fault)-\(trouble.lasts)", seed: 7)
        var point = 1
        repeat {
            try await trial(disk, trouble, at: point)
            point += Self.isFull ? 1 : 5
        } while disk.hasFired && point < 500
        #expect(point > 30)
    }

    private func trial(_ disk: FaultyDisk, _ trouble: Trouble, at point: Int) async throws {
        let name = "\(trouble) at \(point)"
        let folder = try CrashFolder("disk-\(trouble)-\(point)")
        let (before, after) = (Trace(), Trace())
        disk.plan(trouble.fault, at: point, times: trouble.lasts ? 1_000_000 : 1)
        if let storage = try? await open(disk, folder) {
            do {
                let final = try await executor(storage).run(try chain(before, folder), from: Sum(), id: run)
                #expect(final.total == 3, "\(name)")
            } catch {
                // The run was let go of, and the error says why.
                #expect((error as? JournalError)?.code == .storage, "\(name): \(error)")
                #expect((error as? JournalError)?.underlying != nil, "\(name): \(error)")
            }
            disk.crash(losingPower: true)
            await storage.close()
        }
        disk.heal()
        let storage = try await open(disk, folder)
        let stored = try await records(of: run, in: storage).filter { $0.tag == .effect }
        let final = try await executor(storage).run(try chain(after, nil), from: Sum(), id: run)
        #expect(final.names == ["n0", "n1", "n2"], "\(name)")
        let again = stored.compactMap(\.activation).filter { after.all.contains("one/\($0)/effect") }
        #expect(again == [], "\(name)")
        #expect(!before.all.contains("no intent"), "\(name)")
        #expect(Set(before.all + after.all).count == 3, "\(name)")
        await storage.close()
    }

    private func open(_ disk: FaultyDisk, _ folder: CrashFolder) async throws -> SQLiteStorage {
        var options = SQLiteOptions()
        (options.readers, options.checkpointPages, options.vfs) = (1, 8, disk.name)
        return try await SQLiteStorage.open(at: folder.path + "/runs.db", options: options)
    }

    private func executor(_ storage: SQLiteStorage) -> GraphExecutor {
        GraphExecutor(environment: HastyEnvironment(), storage: storage)
    }

    /// A chain whose effects look into the file by a way of their own whether their intent is there.
    private func chain(_ trace: Trace, _ folder: CrashFolder?) throws -> Graph<Sum> {
        try Graph<Sum>("chain") { g in
            let nodes = (0..<3).map { number in
                g.node("n\(number)") { state, context in
                    try await context.step("effect") { key in
                        if let folder, try await !isIntended("n\(number)", folder) { trace.add("no intent") }
                        trace.add(key)
                    }
                    state.names.append("n\(number)")
                    state.total += 1
                }
            }
            g.start(at: nodes[0])
            for (node, next) in zip(nodes, nodes.dropFirst()) { g.edge(from: node, to: next) }
        }
    }

    private func isIntended(_ activation: String, _ folder: CrashFolder) async throws -> Bool {
        let storage = try await SQLiteStorage.open(at: folder.path + "/runs.db")
        let found = try await records(of: run, in: storage)
        await storage.close()
        return found.contains { $0.tag == .intent && $0.activation == activation }
    }
}
