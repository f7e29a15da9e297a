import Apus
import ApusSQLite
import CrashKit
import Foundation
import ProcessKit
import Testing

/// A child process is killed with SIGKILL at the operations of its disk, one point after the other, and another one goes on.
@Suite struct KillTests {
    /// A graph, and how the child stores: each durability with two lengths of SQLite's log. `make crash` goes through all.
    struct Case: Sendable, CustomStringConvertible {
        var graph: CrashGraph
        var variant: Int
        var description: String { "\(graph) \(variant)" }

        static let all: [Case] = {
            let isFull = ProcessInfo.processInfo.environment["APUS_CRASH"] == "full"
            return CrashGraph.allCases.flatMap { graph in (0..<(isFull ? 6 : 1)).map { Case(graph: graph, variant: $0) }
            }
        }()
    }

    @Test(arguments: Case.all)
    func `a process killed anywhere loses nothing, repeats nothing that was stored, and ends as if undisturbed`(
        _ one: Case
    ) async throws {
        let undisturbed = try CrashFolder("\(one)-undisturbed")
        guard case .printed(let expected) = try await child(one, undisturbed, at: 0).ending() else {
            Issue.record("the undisturbed run failed")
            return
        }
        let keys = try CrashWorld(undisturbed.url).effects
        var point = 1
        while try await kill(one, at: point, expected, keys) { point += 1 }
        print("\(one): killed at each of \(point - 1) operations of the disk")
        #expect(point > 40)
    }

    private func child(_ one: Case, _ folder: CrashFolder, at point: Int) throws -> ChildProgram {
        try ChildProgram("CrashChild", "run", one.graph.rawValue, folder.path, "\(point)", "\(one.variant)")
    }

    /// Kills one process at `point` and lets another go on; false if it ended before that point.
    private func kill(
        _ one: Case, at point: Int, _ expected: String, _ keys: Set<String>
    ) async throws -> Bool {
        let folder = try CrashFolder("\(one)-\(point)")
        let world = try CrashWorld(folder.url)
        let ending = try await child(one, folder, at: point).ending()
        guard ending == .killed else {
            #expect(ending == .printed(expected), "killed at \(point)")
            return false
        }
        let stored = try await Stored(in: world)
        let (visits, calls) = (world.visits.count, world.calls.count)
        let resumed = try await child(one, folder, at: 0).ending()
        #expect(resumed == .printed(expected), "killed at \(point)")
        #expect(world.effects == keys, "killed at \(point)")
        let repeated = world.visits.dropFirst(visits).filter { stored.ended.contains($0) }
        #expect(repeated == [], "what had ended ran again; killed at \(point)")
        let again = world.calls.dropFirst(calls).filter { stored.effects.contains($0) }
        #expect(again == [], "what had been done was done again; killed at \(point)")
        return true
    }
}

/// What the journal of the run says that was killed.
private struct Stored {
    var ended: Set<String> = []
    /// The keys of effects whose result is stored.
    var effects: Set<String> = []

    init(in world: CrashWorld) async throws {
        guard FileManager.default.fileExists(atPath: world.database) else { return }
        let storage = try await SQLiteStorage.open(at: world.database)
        var (ended, effects) = (Set<String>(), Set<String>())
        try await JournalReader(storage, RunID("crash")).frames { frame in
            for record in frame.records {
                let place = record.activation ?? ""
                switch record.tag {
                case .done: ended.insert(place)
                case .element: ended.insert("\(place)[\(record.number ?? 0)]")
                case .effect: effects.insert("crash/\(place)/\(record.name ?? "")")
                default: break
                }
            }
        }
        await storage.close()
        (self.ended, self.effects) = (ended, effects)
    }
}
