@testable import Apus
import ApusTesting
import AsideKit
import Testing

@Suite(.aside) struct PoolTests {
    private let start = Instant(uptime: .zero, sinceEpoch: .zero)

    @Test func `a run goes to the least loaded executor that has what it requires`() {
        var machine = PoolMachine([
            ExecutorPool("plain", executors: 2...2, width: 2),
            ExecutorPool("gpu", capabilities: ["gpu"], width: 1),
        ])
        let seats = (0..<6).map { machine.arrive($0, [], at: start) }
        #expect(seats.compactMap { $0?.pool } == [0, 0, 1, 0, 0])
        #expect(machine.arrive(6, ["gpu"], at: start) == nil)
        #expect(machine.canDo(["gpu"]) && !machine.canDo(["tpu"]))
        // Who becomes free takes what waits for it, and then what waits for others.
        let gpu = PoolMachine.Seat(pool: 1, number: 0)
        #expect(machine.left(gpu)?.ticket == 6)
        #expect(machine.left(gpu)?.ticket == 5)
    }

    @Test func `an idle executor takes over what waits for a busy one`() {
        var machine = PoolMachine([ExecutorPool("all", executors: 2...2, width: 1)])
        for ticket in 0..<4 { _ = machine.arrive(ticket, [], at: start) }
        let busy = PoolMachine.Seat(pool: 0, number: 0)
        let quick = PoolMachine.Seat(pool: 0, number: 1)
        // Two wait, one for each; the quick one does its own and then the other's.
        #expect(machine.left(quick)?.ticket == 3)
        #expect(machine.left(quick)?.ticket == 2)
        #expect(machine.left(quick) == nil)
        #expect(machine.left(busy) == nil)
    }

    /// A pool under a load of so many runs at once that each take a second; returns its decisions by the second.
    private func decisions(of pool: ExecutorPool, under load: (Int) -> Int, seconds: Int) -> [PoolDecision] {
        var machine = PoolMachine([pool])
        var now = start
        var ticket = 0
        var running: [PoolMachine.Seat] = []
        var waiting = 0
        var decisions: [PoolDecision] = []
        for second in 0..<seconds {
            for seat in running {
                if machine.left(seat) != nil { waiting -= 1 }
            }
            running = machine.members.joined().flatMap { Array(repeating: $0.seat, count: $0.running) }
            while running.count + waiting < load(second) {
                ticket += 1
                if let seat = machine.arrive(ticket, [], at: now) { running.append(seat) } else { waiting += 1 }
            }
            let (made, begun) = machine.scale(at: now)
            decisions += made
            waiting -= begun.count
            running += begun.map(\.seat)
            now = now.advanced(by: .seconds(1))
        }
        return decisions
    }

    private let elastic = ExecutorPool(
        "elastic", executors: 1...10, width: 4, scaling: PoolScaling(shrinkPause: .seconds(20)))

    @Test func `a pool follows a step of its load and then stays as it is`() {
        let decisions = decisions(of: elastic, under: { $0 < 10 ? 2 : $0 < 300 ? 24 : 2 }, seconds: 600)
        let sizes = decisions.map(\.to)
        let up = decisions.prefix { $0.to > $0.from }
        #expect(up.count == decisions.filter { $0.to > $0.from }.count, "it grows once and shrinks once: \(sizes)")
        #expect((4...7).contains(up.last?.to ?? 0), "\(sizes)")
        #expect(sizes.last == 1)
        let settled = decisions.filter { (60..<300).contains(Int($0.moment.uptime.components.seconds)) }
        #expect(settled.isEmpty, "\(settled)")
    }

    @Test func `a load that goes up and down quickly does not make a pool flap`() {
        let decisions = decisions(of: elastic, under: { $0 % 10 < 5 ? 20 : 6 }, seconds: 600)
        let turns = zip(decisions, decisions.dropFirst()).count { ($0.to > $0.from) != ($1.to > $1.from) }
        #expect(turns <= 1, "\(decisions.map(\.to))")
    }

    #if DEBUG
        @Test func `planted bugs are found`() {
            let flaps = PlantedBug.$current.withValue(.poolFlaps) {
                decisions(of: elastic, under: { $0 % 10 < 5 ? 20 : 6 }, seconds: 600).count
            }
            #expect(flaps > 20)
            let stays = PlantedBug.$current.withValue(.idleStayIdle) { () -> Int? in
                var machine = PoolMachine([ExecutorPool("all", executors: 2...2, width: 1)])
                for ticket in 0..<4 { _ = machine.arrive(ticket, [], at: start) }
                _ = machine.left(.init(pool: 0, number: 1))
                return machine.left(.init(pool: 0, number: 1))?.ticket
            }
            #expect(stays == nil)
        }
    #endif

    @Test func `an engine with pools executes what they can do, and leaves the rest to others`() throws {
        let diary = Diary()
        let (log, registry) = (LogMemory(), MetricsRegistry())
        try Simulator(seed: 3).run { environment in
            let storage = MemoryStorage(environment: environment)
            let plain = engine(plain, storage, environment, [RunLog(log), RunMetrics(registry)])
            let other = engine(ExecutorPool("gpu", capabilities: ["gpu"], width: 1), storage, environment)
            let graph = try errands(diary)
            let drawing = try Graph<Errand>("drawing") { g in
                g.start(at: g.node("draw") { state, context in diary.note("drawn", context.environment) })
            }
            plain.register(graph)
            for engine in [plain, other] { engine.register(drawing, requiring: ["gpu"]) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask(executorPreference: environment.executor) { try await plain.run() }
                try await environment.sleep(for: .seconds(1))
                let drawn = try await plain.start(drawing, from: Errand())
                var runs: [RunID] = []
                for number in 0..<12 {
                    runs.append(try await plain.start(graph, from: Errand(name: "\(number)", seconds: 4)))
                }
                try await plain.settled(runs)
                #expect(try await plain.status(of: drawn)?.status == .ready)
                #expect(plain.poolDecisions.first?.to == 2)
                group.addTask(executorPreference: environment.executor) { try await other.run() }
                try await plain.settled([drawn])
                try await environment.sleep(for: .seconds(60))
                #expect(plain.pools.map(\.executors.count) == [1])
                group.cancelAll()
            }
        }
        #expect(log.records.contains { $0.event == "pool.resized" && $0.message.contains("from 1 to 2") })
        #expect(registry.page().contains("apus_pool_executors{pool=\"plain\"} 1"))
        #expect((4...6).contains(diary.mostAtOnce), "\(diary.mostAtOnce)")
    }

    private let plain = ExecutorPool(
        "plain", executors: 1...3, width: 2, scaling: PoolScaling(latency: .seconds(2), shrinkPause: .seconds(10)))

    private func engine(
        _ pool: ExecutorPool, _ storage: some Storage, _ environment: any Environment, _ observers: [any Observer] = []
    ) -> Engine {
        var options = EngineOptions()
        options.pools = [pool]
        return Engine(storage: storage, environment: environment, options: options, observers: observers)
    }
}
