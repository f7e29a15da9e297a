import Foundation

extension Workload {
    /// The memory of a run that waits.
    static let waiting = Workload("waiting") {
        let apus = try Probe.waitingRuns.best(of: 3)
        let raw = try Probe.waitingTasks.best(of: 3)
        return [Figure(workload: "waiting", n: Probe.waiters, apus: apus, raw: raw, unit: "bytes/run")]
    }

    /// From the start of the process to the first node; raw is to the first line of the program.
    static let start = Workload("start") {
        let apus = try Probe.firstNode.best(of: 20)
        let raw = try Probe.firstLine.best(of: 20)
        return [Figure(workload: "start", n: 1, apus: apus, raw: raw, unit: "ms")]
    }

    /// The memory of a process that has run a graph and has nothing to do; raw has never made one.
    static let idle = Workload("idle") {
        let apus = try Probe.idleEngine.best(of: 3)
        let raw = try Probe.idleProcess.best(of: 3)
        return [Figure(workload: "idle", n: 1, apus: apus, raw: raw, unit: "MB")]
    }
}
