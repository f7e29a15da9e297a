import Apus
import ApusTesting
import AsideKit
import Testing

/// The calendar clocks of hosts jump by a day.
@Suite(.aside) struct ClockTests {
    private let run = RunID("one")

    private func graph(_ keys: Trace, _ woken: Trace) throws -> Graph<Sum> {
        try Graph<Sum>("naps") { g in
            let nodes = (0..<4).map { number in
                g.node("n\(number)") { state, context in
                    try await context.sleep(for: .seconds(600))
                    woken.add("\(number) \(context.environment.now().wallTime.milliseconds)")
                    try await context.step("effect") { key in keys.add(key) }
                    state.total += 1
                }
            }
            g.start(at: nodes[0])
            for (node, next) in zip(nodes, nodes.dropFirst()) { g.edge(from: node, to: next) }
        }
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func
        `clocks that jump a day forth and back lose no run, fire each timer once, and repeat no key that is not the same`(
            _ seed: UInt64
        ) throws
    {
        let keys = Trace()
        let woken = Trace()
        let graph = try graph(keys, woken)
        let simulator = Simulator(seed: seed)
        let records = try simulator.run { [run] environment in
            var generator = SeededGenerator(seed: seed)
            let storage = MemoryStorage(environment: environment)
            let workers = ["first", "second"].map {
                SimulatedWorker($0, simulator, environment, storage, graph, poll: .seconds(60))
            }
            for worker in workers { worker.start() }
            let desk = Engine(storage: storage, environment: environment, options: workers[0].engine.options)
            try await desk.start(graph, from: Sum(), id: run)
            for _ in 0..<12 {
                try await environment.sleep(for: .milliseconds(Int.random(in: 1...400_000, using: &generator)))
                let jumps: [Duration] = [.seconds(-86_400), .zero, .seconds(86_400)]
                workers.randomElement(using: &generator)?.host.skew = jumps.randomElement(using: &generator) ?? .zero
            }
            for worker in workers { worker.host.skew = .zero }
            let final = try await desk.value(of: run, graph)
            #expect(final.total == 4, "seed \(seed)")
            for worker in workers { await worker.end() }
            return try await FaultTests.records(of: run, in: storage)
        }
        let done = records.filter { $0.tag == .done }.compactMap(\.activation)
        #expect(done == ["n0", "n1", "n2", "n3"], "seed \(seed)")
        let timers = records.filter { $0.tag == .slept }.compactMap(\.time)
        #expect(timers.count == 4, "seed \(seed)")
        // Whoever woke did so when its own calendar said that it was time.
        for line in woken.all {
            let parts = line.split(separator: " ").compactMap { Int64($0) }
            #expect(parts[1] >= timers[Int(parts[0])].milliseconds, "seed \(seed)")
        }
        #expect(Set(keys.all) == Set((0..<4).map { "one/n\($0)/effect" }), "seed \(seed)")
    }
}
