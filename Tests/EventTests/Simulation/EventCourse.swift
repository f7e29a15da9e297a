@testable import Apus
@testable import ApusTesting

/// The course of a drill: hosts with their publishers and consumers, and what befalls them.
final class EventCourse: Sendable {
    /// Publishes its events one after the other, on whichever host it is.
    struct Publisher: Sendable {
        enum Way: Int, Sendable { case direct, withBatch, outbox }
        let number: Int
        let way: Way
        /// Whether its events have ids, so that it may publish again what it has not heard of.
        let isSure: Bool
        let events: [Ticked]
    }

    /// One life of a host.
    private final class Life: Sendable {
        let host: SimulatedHost
        let work: Guarded<[Task<Void, any Error>]> = Guarded([])
        init(_ host: SimulatedHost) { self.host = host }
    }

    private let simulator: Simulator
    private let disk: SimulatedDisk
    private let ledger: EventLedger
    private let faults: DiskFaults
    private let seed: UInt64
    private let hosts: Int
    private let chaos: Duration
    private let options: SubscriptionOptions
    private let chance: Guarded<SeededGenerator>
    let publishers: [Publisher]
    private let lives = Guarded<[Life]>([])
    private let current = Guarded<[Int: Life]>([:])
    /// How far each publisher is, and what it knows to be published.
    private let progress = Guarded<[Int: Int]>([:])
    private let acknowledged = Guarded<Set<String>>([])

    init(
        _ simulator: Simulator, _ disk: SimulatedDisk, _ ledger: EventLedger, _ faults: DiskFaults, seed: UInt64,
        _ generator: inout SeededGenerator
    ) {
        (self.simulator, self.disk, self.ledger, self.faults, self.seed) = (simulator, disk, ledger, faults, seed)
        hosts = 1 + generator.below(3)
        chaos = .seconds(4 + generator.below(14))
        var options = SubscriptionOptions()
        options.concurrency = [1, 3, 16][generator.below(3)]
        options.window = [2, 8, 256][generator.below(3)]
        options.lease = .seconds([2, 5, 15][generator.below(3)])
        options.retry = .exponential(attempts: 1 + generator.below(5), first: .milliseconds(50), limit: .seconds(2))
        self.options = options
        let keys = 1 + generator.below(4)
        publishers = (0..<(1 + generator.below(3))).map { number in
            let way = Publisher.Way(rawValue: generator.below(3)) ?? .direct
            let events = (0..<(3 + generator.below(8))).map { count in
                Ticked(
                    publisher: number, number: count, key: "k\(generator.below(keys))",
                    isPoison: generator.below(12) == 0)
            }
            return Publisher(number: number, way: way, isSure: generator.below(2) == 0, events: events)
        }
        chance = Guarded(SeededGenerator(seed: generator.next()))
    }

    private func below(_ bound: Int) -> Int { chance.withLock { $0.below(bound) } }

    func run() async {
        let environment = disk.environment
        let end = environment.now().advanced(by: chaos)
        for slot in 0..<hosts { start(slot) }
        while environment.now() < end {
            try? await environment.sleep(for: .milliseconds(50 + below(2_000)))
            befall(below(hosts))
        }
        disk.recover()
        for slot in 0..<hosts {
            current.withLock { $0[slot] }?.host.goOn()
            start(slot)
        }
        await settle()
        for life in lives.withLock({ $0 }) { await life.host.end(life.work.withLock { $0 }) }
    }

    private func befall(_ slot: Int) {
        guard let life = current.withLock({ $0[slot] }) else { return start(slot) }
        switch below(6) {
        case 0, 1: life.host.pause()
        case 2, 3: life.host.goOn()
        case 4: life.host.kill()
        default:
            if life.host.isAlive {
                for task in life.work.withLock({ $0 }) { task.cancel() }
                life.host.goOn()
            }
            start(slot)
        }
        if !life.host.isAlive { start(slot) }
    }

    /// Waits until everything has been published and settled.
    private func settle() async {
        let environment = disk.environment
        let bus = EventBus(storage: disk.memory, environment: environment)
        let end = environment.now().advanced(by: .seconds(900))
        var quiet = 0
        while environment.now() < end, quiet < 2 {
            try? await environment.sleep(for: .seconds(7))
            let isPublished = publishers.allSatisfy { publisher in
                progress.withLock { $0[publisher.number] ?? 0 } == publisher.events.count
            }
            let waiting = (try? await disk.memory.scan(.below(bus.keys.outbox), limit: 1).count) ?? 1
            let lags = (try? await bus.consumers().map(\.lag)) ?? []
            // Twice, since the last publication may still be on its way.
            quiet = isPublished && waiting == 0 && lags == [0, 0, 0] ? quiet + 1 : 0
        }
        if quiet == 2 { return }
        let told = (try? await bus.consumers())?.map { "\($0)" } ?? []
        ledger.complain("it does not settle: \(told)")
    }

    private func start(_ slot: Int) {
        let count = lives.withLock { $0.count }
        let host = SimulatedHost("h\(slot).\(count)", in: simulator)
        host.skew = .milliseconds(below(400))
        let access = DiskAccess(disk, host, faults, seed: SeededGenerator.mix(seed &+ UInt64(count)))
        let environment = HostEnvironment(host, disk.environment)
        let life = Life(host)
        lives.withLock { $0.append(life) }
        current.withLock { $0[slot] = life }
        let bus = EventBus(storage: access, environment: environment)
        let consumers: [any EventConsumer] = [raw(host, environment), lists(access, environment), Self.model]
        var work = [environment.spawn { try await self.serve(bus, consumers, on: host) }]
        for publisher in publishers where publisher.number % hosts == slot {
            work.append(environment.spawn { try await self.publish(publisher, on: bus) })
        }
        life.work.withLock { $0 = work }
    }

    /// A bus that gives up in chaos begins again, as under a supervisor.
    private func serve(_ bus: EventBus, _ consumers: [any EventConsumer], on host: SimulatedHost) async throws {
        while !Task.isCancelled {
            do {
                try await bus.run(consumers)
            } catch {
                if !disk.hasFaults, host.isAlive { ledger.complain("a bus gave up: \(error)") }
                try await bus.environment.sleep(for: .seconds(1))
            }
        }
    }
}

/// What publishers and consumers do.
extension EventCourse {
    static let model = ReadModel<[Int]>("model", from: [], rows: \.key) { $0.append($1.sequence) }

    private func publish(_ publisher: Publisher, on bus: EventBus) async throws {
        while true {
            try await bus.environment.sleep(for: .milliseconds(10 + below(800)))
            let next = progress.withLock { $0[publisher.number] ?? 0 }
            guard next < publisher.events.count else { return }
            let event = publisher.events[next]
            let passed = {
                self.progress.withLock { if $0[publisher.number] ?? 0 == next { $0[publisher.number] = next + 1 } }
            }
            if !publisher.isSure { passed() }
            do {
                try await publish(event, publisher, on: bus)
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                continue
            }
            acknowledged.withLock { _ = $0.insert(event.id) }
            if publisher.isSure { passed() }
        }
    }

    private func publish(_ event: Ticked, _ publisher: Publisher, on bus: EventBus) async throws {
        let id = publisher.isSure ? event.id : nil
        var batch = StorageBatch()
        batch.put([], at: StorageKey("business", event.id))
        switch publisher.way {
        case .direct: try await bus.publish(event, id: id)
        case .withBatch: try await bus.publish(event, id: id, with: batch)
        case .outbox:
            try batch.publish(event, on: bus, id: id)
            try await bus.storage.commit(batch)
        }
    }

    func isAcknowledged(_ event: Ticked) -> Bool { acknowledged.withLock { $0.contains(event.id) } }

    /// Has effects outside of the storage.
    private func raw(_ host: SimulatedHost, _ environment: any Environment) -> EventSubscription {
        EventSubscription("raw", to: Ticked.self, options: options) { [self] event, delivery in
            guard host.isAlive else { throw CancellationError() }
            ledger.begin(delivery)
            do {
                try await environment.sleep(for: .milliseconds(below(400)))
                if event.isPoison { throw Trouble(kind: .permanent) }
                if disk.hasFaults, below(5) == 0 { throw Trouble(kind: .transient) }
            } catch {
                if host.isAlive { ledger.end(delivery, isHandled: false) }
                throw error
            }
            guard host.isAlive else { throw CancellationError() }
            ledger.end(delivery, isHandled: true)
        }
    }

    /// Appends to a list of its key, in the commit that says it has been handled.
    private func lists(_ storage: DiskAccess, _ environment: any Environment) -> EventSubscription {
        var options = options
        options.retry = .exponential(attempts: 500, first: .milliseconds(50), limit: .seconds(2))
        return EventSubscription("lists", to: Ticked.self, options: options) { [self] event, delivery in
            let key = StorageKey("list", event.key)
            let old = try await storage.value(at: key)
            if below(3) == 0 { try await environment.sleep(for: .milliseconds(below(100))) }
            if disk.hasFaults, below(6) == 0 { throw Trouble(kind: .transient) }
            delivery.batch.require(old.map { .holds(key, $0) } ?? .absent(key))
            delivery.batch.put((old ?? []) + Array("\(delivery.event.sequence) ".utf8), at: key)
        }
    }

    struct Trouble: ClassifiedError {
        var kind: FailureKind
        var failureKind: FailureKind { kind }
    }
}
