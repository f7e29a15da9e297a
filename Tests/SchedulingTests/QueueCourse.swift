import Apus
import ApusTesting

/// A random course of a queue whose hosts die, stand still and come again; then all goes well, and all work has to come to its end.
struct QueueCourse {
    private let seed: UInt64
    private let limits: QueueLimits
    private let hosts: Int
    private let pauses: Bool
    private let rate: Int

    init(seed: UInt64) {
        self.seed = seed
        var generator = SeededGenerator(seed: SeededGenerator.mix(seed ^ 0x0E0E))
        var limits = QueueLimits(concurrency: 2 + generator.below(4))
        if generator.below(2) == 0 { limits.concurrencyPerKey = 1 + generator.below(2) }
        pauses = generator.below(2) == 0
        rate = generator.below(3) * 8
        // Starts count from when they are decided; where the commit is held up or repeated they follow each other more closely.
        if !pauses, rate == 0 { limits.starts = [.perKey(2 + generator.below(3), per: .seconds(5))] }
        self.limits = limits
        hosts = 2 + generator.below(2)
    }

    /// Returns what was wrong.
    func play() throws -> [String] {
        let simulator = Simulator(seed: seed)
        let judge = QueueJudge(limits)
        do {
            try simulator.run(limit: .seconds(2_000), decisions: 2_000_000) { environment in
                try await play(simulator, environment, judge)
            }
        } catch {
            judge.complain("\(error)")
        }
        return judge.complaints
    }

    private func play(_ simulator: Simulator, _ environment: any Environment, _ judge: QueueJudge) async throws {
        let memory = MemoryStorage(environment: environment)
        let chance = ShakyStorage.Chance(seed: seed)
        let queue = WorkQueue(
            "desk", limits: limits, strategy: AgeingStrategy(retry: .constant(attempts: 40, delay: .seconds(2))))
        var options = EngineOptions()
        (options.lease, options.poll) = (.seconds(4), .milliseconds(500))
        let hosts = try QueueHosts(simulator, environment, queue, Diary(), options: options) { host in
            ShakyStorage(base: memory, host: host, rate: rate, generator: chance) { batch in
                judge.applied(batch, at: environment.now().wallTime)
            }
        }
        var runs: [RunID] = []
        for slot in 0..<self.hosts { hosts.start(slot) }
        for number in 0..<60 {
            try await environment.sleep(for: .milliseconds(chance.below(1_500)))
            try await disturb(hosts, chance)
            let key = ["a", "a", "a", "b", "c"][chance.below(5)]
            let errand = Errand(
                name: "\(number)", seconds: Double(chance.below(4_000)) / 1_000, failures: chance.below(6) == 0 ? 1 : 0)
            let id = RunID("run-\(number)")
            judge.expect(id, key: key)
            let terms = WorkTerms(key: key, priority: chance.below(3))
            runs.append(try await hosts.client.enqueue(hosts.graph, from: errand, in: "desk", terms, id: id))
        }
        for slot in 0..<self.hosts {
            hosts.goOn(slot)
            hosts.start(slot)
        }
        try await hosts.client.settled(runs)
        try await environment.sleep(for: .seconds(60))
        await check(memory, judge)
        await hosts.finish()
    }

    private func disturb(_ hosts: QueueHosts, _ chance: ShakyStorage.Chance) async throws {
        let slot = chance.below(self.hosts)
        switch chance.below(12) {
        case 0, 1: hosts.kill(slot)
        case 2: hosts.stop(slot)
        case 3, 4: if pauses { hosts.pause(slot) }
        case 5: hosts.goOn(slot)
        case 6, 7, 8: hosts.start(slot)
        default: break
        }
    }

    /// Nothing of the queue may be left when all has been done.
    private func check(_ memory: MemoryStorage, _ judge: QueueJudge) async {
        judge.close()
        let left = (try? await memory.scan(.below(StorageKey("queue")), limit: 1_000)) ?? []
        for entry in left where !["lead", "start"].contains(entry.key.parts[2]) {
            // A run whose hosts died too often is set aside, and its work is a dead letter.
            let isGivenUp = entry.key.parts[2] == "dead" && judge.isDead(RunID(entry.key.parts[3]))
            if !isGivenUp { judge.complain("\(entry.key) is left") }
        }
        let ends = (try? await memory.scan(.below(StorageKey("ended")), limit: 1_000)) ?? []
        for entry in ends { judge.complain("\(entry.key) is left") }
    }
}

/// Sees everything that is stored, and says where a limit is exceeded.
final class QueueJudge: Sendable {
    private struct State {
        var complaints: [String] = []
        var keys: [RunID: String] = [:]
        var status: [RunID: RunHead.Status] = [:]
        var starts: [(key: String, moment: WallTime)] = []
    }

    private let limits: QueueLimits
    private let state = Guarded(State())

    init(_ limits: QueueLimits) { self.limits = limits }

    var complaints: [String] { state.withLock { $0.complaints } }

    func complain(_ text: String) { state.withLock { $0.complaints.append(text) } }
    func expect(_ run: RunID, key: String) { state.withLock { $0.keys[run] = key } }

    func applied(_ batch: StorageBatch, at now: WallTime) {
        state.withLock { state in
            for case .put(let key, _, _) in batch.writes {
                let parts = key.parts
                guard parts.count == 5, parts[0] == "index", let status = RunHead.Status(rawValue: parts[1]) else {
                    continue
                }
                let run = RunID(parts[4])
                if state.status[run] == nil { started(run, at: now, &state) }
                state.status[run] = status
            }
            check(&state, at: now)
        }
    }

    private func started(_ run: RunID, at now: WallTime, _ state: inout State) {
        guard let key = state.keys[run] else { return state.complaints.append("nobody asked for \(run)") }
        state.starts.append((key, now))
        for limit in limits.starts {
            let recent = state.starts.count {
                (!limit.isPerKey || $0.key == key) && $0.moment.advanced(by: limit.interval) > now
            }
            if recent > limit.count { state.complaints.append("\(recent) starts of \(key) within \(limit.interval)") }
        }
    }

    private func check(_ state: inout State, at now: WallTime) {
        let running = state.status.filter { !$0.value.isTerminal }.map(\.key)
        if running.count > limits.concurrency { state.complaints.append("\(running.count) are under way at \(now)") }
        guard let most = limits.concurrencyPerKey else { return }
        let byKey = Dictionary(grouping: running) { state.keys[$0] ?? "" }.mapValues(\.count)
        for (key, count) in byKey where count > most { state.complaints.append("\(count) of \(key) are under way") }
    }

    func isDead(_ run: RunID) -> Bool { state.withLock { $0.status[run] == .dead } }

    func close() {
        state.withLock { state in
            for (run, _) in state.keys where state.status[run] != .completed && state.status[run] != .dead {
                state.complaints.append("\(run) is \(String(describing: state.status[run]))")
            }
        }
    }
}
