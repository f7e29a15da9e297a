import Apus
import ApusSQLite
import Foundation
import SQLiteFaults

// A process for tests to kill, and to compete with:
//
//   SQLiteChild work <path> <point>     commits a workload and dies at an operation of the disk; prints what was acknowledged
//   SQLiteChild count <path> <times>    counts an entry up, again after each conflict

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 3, let number = Int(arguments[2]) else { exit(2) }
// Invariant: it shares nothing and is awaited at once; a program's top level is isolated to the main actor.
let status = await Task.detached {
    do {
        switch arguments[0] {
        case "work": try await work(at: arguments[1], dyingAt: number)
        case "count": try await count(at: arguments[1], times: number)
        default: return Int32(2)
        }
        return 0
    } catch {
        FileHandle.standardError.write(Data("\(error)\n".utf8))
        return 1
    }
}.value
exit(status)

func work(at path: String, dyingAt point: Int) async throws {
    let disk = FaultyDisk(name: "faulty", seed: 1)
    disk.plan(.kill, at: point)
    var options = DiskWorkload.options
    options.vfs = disk.name
    let storage = try await SQLiteStorage.open(at: path, options: options)
    await DiskWorkload().run(on: storage) { number, answer in
        if answer == .acknowledged { FileHandle.standardOutput.write(Data("\(number)\n".utf8)) }
    }
    await storage.close()
}

func count(at path: String, times: Int) async throws {
    let storage = try await SQLiteStorage.open(at: path)
    let key = StorageKey("counter")
    var done = 0
    while done < times {
        let value = try await storage.read([key])[0]?.value ?? Array("0".utf8)
        var batch = StorageBatch()
        batch.require(.holds(key, value))
        batch.put(Array("\((Int(String(decoding: value, as: UTF8.self)) ?? 0) + 1)".utf8), at: key)
        do {
            try await storage.commit(batch)
            done += 1
        } catch let error as StorageError where error.code == .conflict {
            continue
        }
    }
    await storage.close()
}
