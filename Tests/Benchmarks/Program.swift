import Foundation

/// Measures the workloads it is asked for: one line of JSON each on standard output, a summary on standard error.
struct Program {
    private let arguments: [String]
    private let workloads: [Workload] = [
        .chain, .observedChain, .metricsPage, .loop, .fork, .forEach, .sleepers, .compile, .flat, .waiting, .start,
        .idle, .fsync, .commit, .group, .durableChain, .groupCommit, .pipelined, .durableGrowth, .park, .firstResumed,
        .sseParse, .json, .agent, .durableAgent, .agents, .codeRunner, .guards, .queue, .events,
    ]

    init(arguments: [String]) { self.arguments = arguments }

    func run() async -> Int32 {
        if arguments.count == 2, arguments[0] == Probe.flag {
            guard let probe = Probe(rawValue: arguments[1]) else { return 2 }
            await probe.run()
            return 0
        }
        let unknown = arguments.filter { name in !workloads.contains { $0.name == name } }
        guard unknown.isEmpty else {
            note("No workload is called \(unknown.joined(separator: ", ")). There are \(names).")
            return 2
        }
        var summary: [String] = []
        for workload in workloads where arguments.isEmpty || arguments.contains(workload.name) {
            do {
                for figure in try await workload.measure() {
                    print(figure.json)
                    fflush(nil)
                    summary.append(figure.verdict)
                }
            } catch {
                note("\(workload.name) was not measured: \(error)")
                return 1
            }
        }
        for line in summary { note(line) }
        return 0
    }

    private var names: String { workloads.map(\.name).joined(separator: ", ") }

    private func note(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
