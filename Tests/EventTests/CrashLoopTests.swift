import Apus
import ApusTesting
import AsideKit
import Testing

/// An event whose handler ends its process, as an index out of range does, under a supervisor that starts the process again.
@Suite(.aside) struct CrashLoopTests {
    @Test(arguments: 0..<5 as Range<UInt64>)
    func `an event that ends its process again and again becomes a dead event, and all others are handled`(
        _ seed: UInt64
    ) throws {
        let loop = CrashLoop(seed: seed)
        try loop.play()
        #expect(loop.dead.map(\.event.key) == ["17"], "seed \(seed)")
        #expect(loop.dead.first?.attempts == 5, "seed \(seed)")
        #expect(loop.dead.first?.error.contains("died") ?? false, "seed \(seed)")
        #expect(loop.handled == Set(0..<40).subtracting([17]), "seed \(seed)")
        // As many as it takes to become careful, one for each attempt, and the one that goes on.
        #expect(loop.lives == SubscriptionOptions.patience + 5 + 1, "seed \(seed)")
    }

    #if DEBUG
        @Test func `a crash that is not counted is found`() throws {
            let loop = CrashLoop(seed: 0)
            try PlantedBug.$current.withValue(.crashNotCounted) { try loop.play() }
            #expect(loop.dead.isEmpty)
        }
    #endif
}

private final class CrashLoop: Sendable {
    private struct State {
        var lives = 0
        var handled: Set<Int> = []
        var dead: [DeadEvent] = []
    }

    private let seed: UInt64
    private let state = Guarded(State())

    init(seed: UInt64) { self.seed = seed }

    var lives: Int { state.withLock(\.lives) }
    var handled: Set<Int> { state.withLock(\.handled) }
    var dead: [DeadEvent] { state.withLock(\.dead) }

    func play() throws {
        let simulator = Simulator(seed: seed)
        try simulator.run { [self] environment in
            let storage = MemoryStorage(environment: environment)
            let client = EventBus(storage: storage, environment: environment)
            for number in 0..<40 { try await client.publish(OrderPlaced(order: "\(number)")) }
            while lives < 12, dead.isEmpty {
                let life = state.withLock { state in
                    state.lives += 1
                    return state.lives
                }
                let host = SimulatedHost("h\(life)", in: simulator)
                let bus = EventBus(storage: HostStorage(storage, host), environment: HostEnvironment(host, environment))
                let work = bus.environment.spawn { try await bus.run([self.orders(on: host, environment)]) }
                while host.isAlive, dead.isEmpty || handled.count < 39 {
                    try await environment.sleep(for: .seconds(1))
                    let dead = try await client.deadEvents(of: "orders")
                    state.withLock { $0.dead = dead }
                }
                await host.end([work])
            }
        }
    }

    private func orders(on host: SimulatedHost, _ environment: any Environment) -> EventSubscription {
        EventSubscription("orders", to: OrderPlaced.self) { [self] event, _ in
            try await environment.sleep(for: .milliseconds(20))
            guard host.isAlive else { return }
            if event.order == "17" { host.kill() }
            if host.isAlive { state.withLock { _ = $0.handled.insert(Int(event.order) ?? -1) } }
        }
    }
}
