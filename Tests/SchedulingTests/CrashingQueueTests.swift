import Apus
import ApusTesting
import AsideKit
import Foundation
import Testing

/// Engines that lead a queue by turns, die and stand still, over one storage.
@Suite(.aside) struct CrashingQueueTests {
    @Test func `whatever dies, all work is done once, and no limit is exceeded`() throws {
        let isFull = ProcessInfo.processInfo.environment["APUS_SIMULATE"] == "full"
        for seed in 0..<(isFull ? 20_000 : 25) as Range<UInt64> {
            let complaints = try QueueCourse(seed: seed).play()
            #expect(complaints.isEmpty, "seed \(seed): \(complaints)")
            if !complaints.isEmpty { return }
        }
    }

    #if DEBUG
        @Test func `a lead that is deaf to the ends of runs is found`() throws {
            let seed = try PlantedBug.$current.withValue(.endsForgotten) {
                try (0..<40 as Range<UInt64>).first { try !QueueCourse(seed: $0).play().isEmpty }
            }
            #expect(seed != nil)
        }
    #endif

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `work of an engine that died goes on within its lease and a second`(_ seed: UInt64) throws {
        let diary = Diary()
        let simulator = Simulator(seed: seed)
        try simulator.run { environment in
            let storage = MemoryStorage(environment: environment)
            let hosts = try QueueHosts(simulator, environment, WorkQueue("desk"), diary) { _ in storage }
            hosts.start(0)
            let graph = hosts.graph
            let run = try await hosts.client.enqueue(graph, from: Errand(name: "long", seconds: 60), in: "desk")
            while diary.moment(of: "begin long") == nil { try await environment.sleep(for: .milliseconds(10)) }
            hosts.start(1)
            try await environment.sleep(for: .seconds(20))
            hosts.kill(0)
            diary.note("killed", environment)
            try await hosts.client.settled([run])
            await hosts.finish()
        }
        let begins = diary.entries.filter { $0.text == "begin long" }.map(\.moment)
        #expect(begins.count == 2, "seed \(seed)")
        let killed = try #require(diary.moment(of: "killed"))
        let gap = try #require(begins.last) - killed
        #expect(gap <= EngineOptions().lease + .seconds(1), "seed \(seed): \(gap)")
    }
}
