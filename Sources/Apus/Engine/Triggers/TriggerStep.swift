/// One decision about a trigger, from what is stored to the commit that stores what follows.
struct TriggerStep: Sendable {
    /// What is told to whoever caused a firing.
    struct Settled: Sendable {
        var outcome: FiringOutcome?
    }

    let host: TriggerHost
    let stored: StoredTrigger
    private(set) var machine: TriggerMachine
    private var turn = TriggerTurn()
    private var ended: [RunID] = []
    private let arrival: Arrival?
    private let moment: WallTime
    /// What became of the arrival, once the step is performed; `nil` if it has to wait.
    private(set) var settled: Settled?
    private var isRepeated = false

    private var name: String { host.name }
    /// Whether there is more to do at once.
    var isPressing: Bool { turn.hasMore || turn.start != nil || turn.cancel != nil || settled != nil }

    init(_ host: TriggerHost, _ stored: StoredTrigger, _ arrival: Arrival?) async throws {
        self.host = host
        self.stored = stored
        moment = host.now
        let waits = stored.state.isPaused && arrival?.position != nil
        self.arrival = waits ? nil : arrival
        machine = TriggerMachine(host.name, host.hosted.policy, stored.state)
        ended = try await endedRuns()
        for run in ended { machine.ended(run) }
        try await take()
        if let schedule = host.hosted.schedule { machine.elapsed(schedule, at: moment) }
    }

    /// The runs that have ended since the last step.
    private func endedRuns() async throws -> [RunID] {
        let tracked = stored.state.active + stored.state.filling
        if tracked.isEmpty { return [] }
        let group = TriggerKeys.group(name)
        let found = try await host.storage.read(tracked.map { RunKeys.ended(group, $0) })
        return zip(tracked, found).compactMap { $1 == nil ? nil : $0 }
    }

    /// Takes the firing that has arrived, unless it was taken before.
    private mutating func take() async throws {
        guard let arrival else { return }
        guard let firing = arrival.firing else {
            if let position = arrival.position { machine.moved(to: position) }
            settled = Settled()
            return
        }
        if firing.position == nil, !host.planted(.firingNotRemembered),
            let known = try await host.storage.load(FiringOutcome.self, at: TriggerKeys.outcome(name, firing.id))
        {
            isRepeated = true
            settled = Settled(outcome: known.repeated)
            return
        }
        machine.arrived(firing, at: moment)
    }

    /// Stores what is decided; false if somebody else has decided meanwhile.
    mutating func perform() async throws -> Bool {
        let untried = machine
        turn = machine.turn(at: moment, host.hosted.schedule)
        guard machine.state.differs(from: stored.state) else { return true }
        do {
            if try await commit() {
                noteOutcome()
                return true
            }
            return false
        } catch let refusal as FiringRefusal {
            guard let start = turn.start else { throw refusal }
            machine = untried
            machine.refused(start, refusal.detail, at: moment)
            return try await perform()
        } catch is FiringRepeated {
            guard let start = turn.start else { return false }
            machine = untried
            machine.repeated(start, at: moment)
            return try await perform()
        }
    }

    private mutating func noteOutcome() {
        guard let firing = arrival?.firing, !isRepeated else { return }
        let decided = turn.decided.last { $0.id == firing.id }?.outcome
        settled = Settled(outcome: decided ?? .waiting(TriggerMachine.run(of: firing.id, of: name)))
    }
}

/// The run of a firing is there already.
struct FiringRepeated: Error {}

extension FiringOutcome {
    /// What is said when the same firing comes again.
    fileprivate var repeated: FiringOutcome {
        switch self {
        case .started(let run), .waiting(let run), .repeated(let run): .repeated(run)
        case .dropped: self
        }
    }
}

extension TriggerState {
    /// Whether there is something to store.
    fileprivate func differs(from other: TriggerState) -> Bool {
        var same = self
        same.version = other.version
        return same != other
    }
}

// What is committed.
extension TriggerStep {
    private func commit() async throws -> Bool {
        var batch = StorageBatch()
        let key = TriggerKeys.state(name)
        let state = try JSONCoding.encode(machine.state)
        if !host.planted(.triggerWithoutFence) { batch.require(.holds(key, stored.bytes)) }
        if !host.planted(.triggerApartFromStart) { batch.put(state, at: key) }
        let group = TriggerKeys.group(name)
        for run in ended { batch.delete(RunKeys.ended(group, run)) }
        if let run = turn.cancel { try cancel(run, in: &batch) }
        try remember(in: &batch)
        do {
            guard let start = turn.start else {
                if host.planted(.triggerApartFromStart) { batch.put(state, at: key) }
                try await host.storage.commit(batch)
                if let run = turn.cancel { await host.engine.attend(run) }
                return true
            }
            let firing = try await loaded(start.firing)
            let terms = StartTerms(batch, group: start.isTracked ? group : nil)
            if try await host.hosted.begin(host.engine, firing, start.run, terms) {
                if host.planted(.triggerApartFromStart) { try await host.storage.put(state, at: key) }
                return true
            }
            return try await isStale()
        } catch let error as StorageError where error.code == .conflict {
            return false
        } catch let error as JournalError {
            return try await resolve(error)
        }
    }

    /// Somebody else may have started the run with this very firing; then there is a newer state, otherwise it is an older run.
    private func isStale() async throws -> Bool {
        let found = try await host.storage.read([TriggerKeys.state(name)])[0]
        if found?.value == stored.bytes { throw FiringRepeated() }
        return false
    }

    private func resolve(_ error: JournalError) async throws -> Bool {
        switch error.code {
        case .storage where error.underlying?.code == .conflict: return false
        case .otherRun, .notFree, .damaged, .otherGraph: return try await isStale()
        case .coding: throw FiringRefusal(detail: "its state can't be written down")
        default: throw error
        }
    }

    private func cancel(_ run: RunID, in batch: inout StorageBatch) throws {
        let letter = RunInbox.Letter(id: RunID(from: host.environment).value, topic: .cancel, value: [])
        let key = RunKeys.letter(run, letter.id)
        batch.require(.absent(RunKeys.ended(TriggerKeys.group(name), run)))
        batch.create(Seal.sealed(letter.json, at: key), at: key)
    }

    /// Keeps what waits, and what has to be known when a firing comes again.
    private func remember(in batch: inout StorageBatch) throws {
        let waiting = Dictionary(uniqueKeysWithValues: stored.state.waiting.map { ($0.id, $0) })
        let expires = moment.advanced(by: host.hosted.policy.memory)
        for record in turn.decided {
            if waiting[record.id]?.isLoaded ?? false { batch.delete(TriggerKeys.load(name, record.id)) }
            let isNew = arrival?.firing?.id == record.id && arrival?.position == nil && !isRepeated
            if isNew || waiting[record.id]?.isOnce ?? false {
                try batch.save(record.outcome, at: TriggerKeys.outcome(name, record.id), expires: expires)
            }
        }
        guard let firing = arrival?.firing, !isRepeated, machine.state.waiting.contains(where: { $0.id == firing.id })
        else { return }
        if firing.payload != .null { try batch.save(firing.payload, at: TriggerKeys.load(name, firing.id)) }
        if firing.position == nil {
            let outcome = FiringOutcome.waiting(TriggerMachine.run(of: firing.id, of: name))
            try batch.save(outcome, at: TriggerKeys.outcome(name, firing.id), expires: expires)
        }
    }

    /// A firing with what it carries.
    private func loaded(_ waiting: TriggerState.Waiting) async throws -> Firing {
        var firing = Firing(waiting.id, due: waiting.due)
        firing.missed = waiting.missed ?? 0
        if let arrived = arrival?.firing, arrived.id == waiting.id, !isRepeated {
            firing.payload = arrived.payload
        } else if waiting.isLoaded ?? false {
            firing.payload = try await host.storage.load(JSON.self, at: TriggerKeys.load(name, waiting.id)) ?? .null
        }
        return firing
    }
}
