import Apus
import ApusSQLite
import ApusTesting
import CrashKit
import Foundation
import ProcessKit
import Testing

/// Two processes host one SQLite file and are killed again and again.
@Suite struct TwoHostsTests {
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `two hosts that are killed again and again lose no run, and commit no activation twice`(
        _ seed: UInt64
    ) async throws {
        let folder = try CrashFolder("hosts-\(seed)")
        let world = try CrashWorld(folder.url)
        let runs = 12
        var chance = SeededGenerator(seed: seed)
        func host(dyingAt point: Int) throws -> ChildProgram {
            try ChildProgram("CrashChild", "host", "fork", folder.path, "\(runs)", "\(point)")
        }
        var hosts = [
            try host(dyingAt: .random(in: 1...500, using: &chance)),
            try host(dyingAt: .random(in: 1...500, using: &chance)),
        ]
        for round in 0..<8 {
            _ = await hosts[round % 2].ending()
            hosts[round % 2] = try host(dyingAt: .random(in: 1...500, using: &chance))
        }
        for number in hosts.indices {
            _ = await hosts[number].ending()
            hosts[number] = try host(dyingAt: 0)
        }
        let endings = [await hosts[0].ending(), await hosts[1].ending()]
        guard case .printed(let states) = endings[0] else {
            Issue.record("\(endings[0]); seed \(seed)")
            return
        }
        #expect(endings[1] == endings[0], "seed \(seed)")
        #expect(Set(states.split(separator: "\n")).count == 1, "seed \(seed)")
        #expect(states.split(separator: "\n").count == runs, "seed \(seed)")
        let storage = try await SQLiteStorage.open(at: world.database)
        for run in (0..<runs).map({ RunID("run-\($0)") }) {
            var ended: [String] = []
            try await JournalReader(storage, run).frames { frame in
                ended += frame.records.filter { $0.tag == .done }.compactMap(\.activation)
            }
            #expect(ended.count == Set(ended).count, "\(run); seed \(seed)")
        }
        await storage.close()
    }
}
