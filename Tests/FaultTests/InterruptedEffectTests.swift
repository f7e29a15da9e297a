import Apus
import ApusTesting
import Testing

/// The process dies when an effect has happened and nothing is stored of its end.
@Suite struct InterruptedEffectTests {
    private let run = RunID("one")
    private let key = "one/pay/card"

    /// Lets a worker die in its effect and another one go on; returns how the run ended.
    private func interrupt(
        _ kind: @escaping @Sendable (Trace) -> EffectKind<Int>, _ trace: Trace, _ seed: UInt64,
        then resolve: @escaping @Sendable (Engine, RunID) async throws -> Void = { _, _ in }
    ) throws -> Sum {
        let simulator = Simulator(seed: seed)
        return try simulator.run { [run] environment in
            let storage = MemoryStorage(environment: environment)
            let graph = try Graph<Sum>("order") { g in
                let pay = g.node("pay") { state, context in
                    state.total += try await context.step("card", kind(trace)) { key in
                        trace.add(key)
                        if trace.all.count == 1 {
                            (context.environment as? HostEnvironment)?.host.kill()
                            try await context.environment.sleep(for: .seconds(1))
                        }
                        return 12
                    }
                }
                g.start(at: pay)
            }
            let workers = ["first", "second"].map { SimulatedWorker($0, simulator, environment, storage, graph) }
            try await workers[0].engine.start(graph, from: Sum(), id: run)
            workers[0].start()
            while trace.all.isEmpty { try await environment.sleep(for: .milliseconds(10)) }
            workers[1].start()
            let desk = Engine(storage: storage, environment: environment)
            try await resolve(desk, run)
            let final = try await desk.value(of: run, graph)
            #expect(try await desk.effects(of: run).map(\.key) == ["one/pay/card"])
            for worker in workers { await worker.end() }
            return final
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `an effect whose end was not stored is performed again with the same key`(_ seed: UInt64) throws {
        let trace = Trace()
        #expect(try interrupt({ _ in .idempotent }, trace, seed).total == 12)
        #expect(trace.all == [key, key], "seed \(seed)")
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `an effect that can be looked up is not performed again`(_ seed: UInt64) throws {
        let trace = Trace()
        #expect(try interrupt({ trace in .reconcile { trace.all.contains($0) ? 12 : nil } }, trace, seed).total == 12)
        #expect(trace.all == [key], "seed \(seed)")
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `an effect that may happen once stops the run in doubt until somebody says what happened`(
        _ seed: UInt64
    ) throws {
        let trace = Trace()
        let final = try interrupt({ _ in .atMostOnce }, trace, seed) { desk, run in
            while try await desk.status(of: run)?.status != .inDoubt {
                try await desk.environment.sleep(for: .seconds(1))
            }
            try await desk.resolve(run, effect: "card", of: "pay", as: 7)
        }
        #expect(final.total == 7)
        #expect(trace.all == [key], "seed \(seed)")
    }
}
