import Apus
import ApusSQLite
import CrashKit
import Foundation
import Testing

/// Two processes host one SQLite file and are killed again and again.
@Suite struct TwoHostsTests {
    @Test func `two hosts that are killed at random lose no run, and commit no activation twice`() async throws {
        let folder = try CrashFolder("hosts")
        let world = try CrashWorld(folder.url)
        let runs = 12
        let seed = UInt64.random(in: 0...UInt64.max)
        var chance = SplitMix(state: seed)
        print("two hosts, seed \(seed)")
        var hosts = [
            try CrashChild("host", "fork", folder.path, "\(runs)", "0"),
            try CrashChild("host", "fork", folder.path, "\(runs)", "0"),
        ]
        for _ in 0..<12 {
            // Long enough for some work, and short enough to hit some.
            usleep(useconds_t(30_000 + chance.next() % 250_000))
            let victim = Int(chance.next() % 2)
            Foundation.kill(hosts[victim].process.processIdentifier, SIGKILL)
            _ = hosts[victim].ending()
            hosts[victim] = try CrashChild("host", "fork", folder.path, "\(runs)", "0")
        }
        let endings = hosts.map { $0.ending() }
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

private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
