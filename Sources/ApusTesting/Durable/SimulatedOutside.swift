public import Apus

/// The world that the nodes of a simulation act on: a ledger of effects that outlives every host.
///
/// Nodes tell it what they do, and it compares that with what the journal on the disk says at that moment.
public final class SimulatedOutside: Sendable {
    private struct State {
        /// By run, activation and name.
        var keys: [String: String] = [:]
        /// By key: what it belongs to.
        var owners: [String: String] = [:]
        var performed: [String: Int] = [:]
        var applied: [String: Int] = [:]
        var underWay: [String: [SimulatedHost]] = [:]
        /// Hosts that have asked what became of an effect and were told that it did not happen, by key.
        var denied: [String: Set<String>] = [:]
        /// Who waits for a signal, by the name of the signal.
        var wants: [SignalWish] = []
        var wanted: Set<String> = []
        var isMended = false
        var broken: Set<String> = []
        var generator: SeededGenerator
        var hurry: (@Sendable (Haste, SimulatedHost) -> Void)?
    }

    /// What somebody does at the very moment at which a node gives the occasion.
    enum Haste: Sendable {
        case signal(SignalWish)
        case answer(RunID, question: String)
        case cancel(RunID)
    }

    /// A node that waits for a signal.
    struct SignalWish: Sendable, Hashable {
        var run: RunID
        var name: String
        var activation: String
    }

    private let disk: SimulatedDisk
    private let state: Guarded<State>

    init(_ disk: SimulatedDisk, seed: UInt64) {
        self.disk = disk
        state = Guarded(State(generator: SeededGenerator(seed: seed)))
    }

    /// A node or a body begins: what is stored of its run must not say that it has ended.
    public func begins(_ context: NodeContext) {
        guard let worker = owner(in: context) else { return }
        let (run, place) = (context.runID.value, "\(context.activation)")
        let now = disk.environment.now()
        disk.watch.withLock { $0.began(place, of: run, by: worker, at: now) }
        if draw(30) == 0 { hurry(.cancel(context.runID), in: context) }
    }

    /// A node of a version begins that does not fit the run.
    public func strays(_ context: NodeContext) {
        complain("F25: \(context.runID) is executed by another version of its graph")
    }

    func whoHurries(_ hurry: @escaping @Sendable (Haste, SimulatedHost) -> Void) {
        state.withLock { $0.hurry = hurry }
    }

    private func hurry(_ haste: Haste, in context: NodeContext) {
        guard let host = try? living(context) else { return }
        state.withLock { $0.hurry }?(haste, host)
    }

    private func draw(_ bound: Int) -> Int { state.withLock { $0.generator.below(bound) } }

    /// What is stored as the end of `activation`, or a part of its name, came before what follows from it.
    public func follows(_ activations: [String], in context: NodeContext) {
        guard owner(in: context) != nil else { return }
        let place = "\(context.activation)"
        disk.watch.withLock { watch in
            guard let run = watch.runs[context.runID.value] else { return }
            let isFollowed = run.endings.keys.contains { ending in
                activations.contains { ending == $0 || ending.hasPrefix($0 + "#") }
            }
            if !isFollowed { watch.complain("G2: \(place) began before the end of \(activations) was stored") }
        }
    }

    /// A step that acts on the outside, which tells repetitions by their key; returns what it came to.
    public func step(
        _ name: String, _ kind: EffectKind<Int> = .idempotent, in context: NodeContext
    ) async throws -> Int {
        let value = try await context.step(name, kind) { try await self.perform($0, name, context) }
        let expected = Self.value(of: Self.identity(name, context))
        if value != expected { complain("G5: \(Self.identity(name, context)) came to \(value), not to \(expected)") }
        return value
    }

    /// The same with a probe that asks the ledger.
    public func reconciledStep(_ name: String, in context: NodeContext) async throws -> Int {
        try await step(
            name,
            .reconcile { [self] key in
                let result = result(of: key)
                let host = (try? living(context))?.name ?? ""
                if result == nil { state.withLock { _ = $0.denied[key, default: []].insert(host) } }
                return result
            }, in: context)
    }

    /// What an effect has come to, if it has happened.
    public func result(of key: String) -> Int? {
        state.withLock { state in state.applied[key] == nil ? nil : state.owners[key].map(Self.value) }
    }

    private func perform(_ key: String, _ name: String, _ context: NodeContext) async throws -> Int {
        let host = try living(context)
        let identity = Self.identity(name, context)
        let (times, pauses) = state.withLock { state -> (Int, [Int]) in
            state.performed[identity, default: 0] += 1
            state.underWay[key, default: []].append(host)
            return (state.performed[identity] ?? 0, [state.generator.below(3), state.generator.below(40)])
        }
        check(key, identity, name, times, context)
        defer {
            state.withLock { state in
                if let place = state.underWay[key]?.firstIndex(where: { $0 === host }) {
                    state.underWay[key]?.remove(at: place)
                }
            }
        }
        // Before and after it has happened there is time to die.
        if pauses[0] > 0 { try await context.environment.sleep(for: .milliseconds(pauses[1])) }
        _ = try living(context)
        state.withLock { $0.applied[key, default: 0] += 1 }
        disk.tell("  \(host.name) performs \(identity)")
        if pauses[0] > 1 { try await context.environment.sleep(for: .milliseconds(pauses[1])) }
        return Self.value(of: identity)
    }

    /// Its intent is stored, its key is its own, and no result is known.
    private func check(_ key: String, _ identity: String, _ name: String, _ times: Int, _ context: NodeContext) {
        let (oldKey, oldOwner, isApplied) = state.withLock { state in
            defer { (state.keys[identity], state.owners[key]) = (key, identity) }
            return (state.keys[identity] ?? key, state.owners[key] ?? identity, state.applied[key] != nil)
        }
        if oldKey != key { complain("G5: the key of \(identity) was \(oldKey) and is \(key)") }
        if oldOwner != identity { complain("G5: \(identity) has the key of \(oldOwner)") }
        let owner = owner(in: context)
        // A worker that has lost the run may perform it while the next one is being told that nobody did.
        let host = (try? living(context))?.name ?? ""
        let isDenied = state.withLock { $0.denied[key]?.remove(host) } != nil
        let place = JournalWatch.place("\(context.activation)", name)
        disk.watch.withLock { watch in
            let run = watch.runs[context.runID.value]
            let effect = run?.effects[place] ?? JournalWatch.Effect()
            if effect.intents < times { watch.complain("G5: \(identity) began before its intent was stored") }
            if effect.hasResult, run?.owner == owner { watch.complain("G3: \(identity) is performed again") }
            if effect.kind == "reconcile", isApplied, !isDenied, run?.owner == owner {
                watch.complain("G5: \(identity) is performed again, and the outside would have told that it happened")
            }
            if effect.kind == "atMostOnce", times > 1 + effect.denials {
                watch.complain("G5: \(identity) is performed \(times) times and may be once")
            }
        }
    }

    private func living(_ context: NodeContext) throws -> SimulatedHost {
        let host = (context.environment as? HostEnvironment)?.host
        guard let host, host.isAlive else { throw CancellationError() }
        return host
    }

    /// The worker that runs the node, as the journal names it.
    private func owner(in context: NodeContext) -> String? { (try? living(context))?.worker }

    func complain(_ text: String) { disk.complain(text) }
    func tell(_ text: String) { disk.tell(text) }

    static func identity(_ name: String, _ context: NodeContext) -> String {
        "\(context.runID)/\(context.activation)!\(name)"
    }

    /// What an effect comes to, whenever it is performed.
    static func value(of identity: String) -> Int {
        var hash = RecipeHash()
        hash.add(identity)
        return Int(hash.value >> 40)
    }
}

/// Waiting for the outside.
extension SimulatedOutside {
    /// Asks the person of the simulation for a number.
    public func ask(_ name: String, in context: NodeContext) async throws {
        if draw(3) == 0 { hurry(.answer(context.runID, question: "\(context.activation)?\(name)"), in: context) }
        let reply = try await context.ask(Question<SimulatedReply>(name, "How many?"))
        let id = "\(context.activation)?\(name)"
        if reply.value != Self.value(of: "\(context.runID)\(id)") { complain("G7: \(id) was answered with \(reply)") }
        // Who has lost the run may have another answer, and nothing comes of it.
        guard let worker = owner(in: context) else { return }
        disk.watch.withLock { watch in
            guard let run = watch.runs[context.runID.value], run.owner == worker, let stored = run.answered[id]
            else { return }
            let taken = try? JSONCoding.decode(SimulatedReply.self, from: stored)
            if taken != reply { watch.complain("G7: \(id) came to \(reply), and another answer is stored") }
        }
    }

    /// Waits for a signal that the person sends to each who waits; `number` tells the waits of one activation apart.
    public func signal(_ name: String, _ number: Int = 0, in context: NodeContext) async throws {
        let wish = SignalWish(run: context.runID, name: name, activation: "\(context.activation)!\(number)")
        let isSentAtOnce = state.withLock { state in
            guard state.wanted.insert("\(wish)").inserted else { return false }
            if state.generator.below(3) == 0 { return true }
            state.wants.append(wish)
            return false
        }
        if isSentAtOnce { hurry(.signal(wish), in: context) }
        let nonce = try await context.signal(named: name, as: UInt64.self)
        disk.tell("  \(context.activation) got signal \(nonce)")
    }

    /// Sleeps durably.
    public func nap(_ duration: Duration, in context: NodeContext) async throws {
        try await context.sleep(for: duration)
        // By a clock that was turned meanwhile nothing can be told.
        if (try? living(context))?.isClockTurned != false { return }
        let place = JournalWatch.place("\(context.activation)", "1")
        let now = context.environment.now().wallTime
        disk.watch.withLock { watch in
            guard let due = watch.runs[context.runID.value]?.sleeps[place], now < due else { return }
            watch.complain("G7: the timer of \(place) fired \(now.duration(to: due)) early")
        }
    }

    /// Acts on the database that holds the journal.
    public func pay(_ name: String, in context: NodeContext) async throws {
        let key = StorageKey("paid", Self.identity(name, context))
        let value = Self.value(of: Self.identity(name, context))
        let stored = try await context.transaction(name, in: DiskAccess.self) { transaction in
            transaction.put([], at: key)
            return value
        }
        if stored != value { complain("G5: \(key) came to \(stored), not to \(value)") }
    }

    /// Ends the process until somebody has mended the world.
    public func poisons(in context: NodeContext) async throws {
        if state.withLock({ $0.isMended }) { return }
        try living(context).kill()
        try await context.environment.sleep(for: .seconds(1))
    }

    /// Fails until somebody has mended the world.
    public func breaks(in context: NodeContext) throws {
        let isMended = state.withLock { state in
            state.broken.insert(context.runID.value)
            return state.isMended
        }
        if !isMended { throw SimulatedBreakage() }
    }

    func mend() { state.withLock { $0.isMended = true } }

    /// Nodes that wait for a signal nobody has sent yet.
    func takeWants() -> [SignalWish] {
        state.withLock { state in
            defer { state.wants = [] }
            return state.wants
        }
    }

    func want(_ wish: SignalWish) { state.withLock { $0.wants.append(wish) } }

    /// Whether somebody who may still go on is performing it.
    func isUnderWay(_ key: String) -> Bool {
        state.withLock { $0.underWay[key, default: []].contains { $0.isAlive } }
    }

    /// The key under which an effect was performed.
    func key(of identity: String) -> String? { state.withLock { $0.keys[identity] } }

    /// Effects that happened more than once under one key, though the outside would have told.
    var effects: Int { state.withLock { $0.applied.count } }
}

/// What a node throws that waits for the world to be mended.
struct SimulatedBreakage: Error, CustomStringConvertible {
    var description: String { "the world is broken" }
}

/// What the person of a simulation answers.
public struct SimulatedReply: Sendable, Hashable, Codable {
    public var value: Int
    /// Tells two answers to one question apart.
    public var nonce: UInt64

    public init(value: Int, nonce: UInt64) {
        self.value = value
        self.nonce = nonce
    }
}
