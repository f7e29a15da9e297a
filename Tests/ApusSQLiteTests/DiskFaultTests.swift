import Apus
import ApusSQLite
import AsideKit
import Foundation
import SQLiteFaults
import Testing

/// At every operation of the disk something goes wrong once; whatever it was, nothing that was acknowledged is lost, nothing is half
/// there, and the file can be used afterwards.
@Suite(.aside) struct DiskFaultTests {
    private static let seeds: Range<UInt64> =
        ProcessInfo.processInfo.environment["APUS_SIMULATE"] == "full" ? 0..<20 : 0..<1

    @Test(arguments: [DiskFault.tornWrite, .failure, .full, .powerLoss], seeds)
    func `no operation can be the wrong one to fail`(_ fault: DiskFault, _ seed: UInt64) async throws {
        _ = try await sweep(fault, times: 1, seed)
    }

    @Test(arguments: seeds)
    func `a disk that fails for a while leaves commits whose outcome nobody knows`(_ seed: UInt64) async throws {
        let answers = try await sweep(.failure, times: 4, seed)
        #expect(answers.contains(.unknown), "seed \(seed)")
        #expect(answers.contains(.refused), "seed \(seed)")
    }

    /// Lets the fault come at the first operation, at the second and so on, until the workload ends before it comes. Returns
    /// the answers that there were.
    private func sweep(_ fault: DiskFault, times: Int, _ seed: UInt64) async throws -> Set<DiskWorkload.Answer> {
        let disk = FaultyDisk(name: "\(fault)-\(times)-\(seed)", seed: seed)
        var seen: Set<DiskWorkload.Answer> = []
        var point = 1
        repeat {
            let answers = try await trial(disk, fault, at: point, times: times, "\(fault) at \(point), seed \(seed)")
            seen.formUnion(answers)
            point += 1
        } while disk.hasFired && point < 500
        #expect(point > 30, "the workload has fewer operations than it should")
        return seen
    }

    private func trial(
        _ disk: FaultyDisk, _ fault: DiskFault, at point: Int, times: Int, _ name: String
    ) async throws -> [DiskWorkload.Answer] {
        let folder = try TemporaryFolder()
        var options = DiskWorkload.options
        options.vfs = disk.name
        let answers = Guarded<[Int: DiskWorkload.Answer]>([:])
        disk.plan(fault, at: point, times: times)
        if let storage = try? await SQLiteStorage.open(at: folder.path(), options: options) {
            await DiskWorkload().run(on: storage) { number, answer in answers.withLock { $0[number] = answer } }
            // Whatever the disk went through before, in the end the power goes.
            disk.crash(losingPower: true)
            await storage.close()
        }
        disk.heal()
        let again = try await SQLiteStorage.open(at: folder.path(), options: options)
        let answered = answers.withLock { $0 }
        let problems = try await DiskWorkload().problems(in: again, after: answered)
        #expect(problems.isEmpty, "\(name)")
        var batch = StorageBatch()
        batch.put([1], at: StorageKey("after"))
        try await again.commit(batch)
        await again.close()
        return Array(answered.values)
    }

    @Test func `a process killed at any operation loses nothing that it acknowledged`() async throws {
        var point = 1
        while point < 500 {
            let folder = try TemporaryFolder()
            let (output, end) = try await ChildProcess("work", folder.path(), "\(point)").wait()
            let numbers = output.split(separator: "\n").compactMap { Int($0) }
            let storage = try await SQLiteStorage.open(at: folder.path())
            let answers = Dictionary(uniqueKeysWithValues: numbers.map { ($0, DiskWorkload.Answer.acknowledged) })
            let problems = try await DiskWorkload().problems(in: storage, after: answers)
            #expect(problems.isEmpty, "killed at \(point)")
            await storage.close()
            guard end == .killed(SIGKILL) else {
                #expect(end == .exited(0))
                #expect(numbers.count == 16)
                break
            }
            point += Self.seeds.count > 2 ? 1 : 7
        }
        #expect(point > 30)
    }
}
