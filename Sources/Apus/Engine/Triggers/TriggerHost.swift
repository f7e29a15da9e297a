/// Hosts one trigger on one engine: feeds the machine with what it hears and stores what that decides.
struct TriggerHost: Sendable {
    let hosted: HostedTrigger
    let engine: Engine
    let planted = Planted()
    var name: String { hosted.name }
    var storage: any Storage { engine.storage }
    var environment: any Environment { engine.environment }
    var now: WallTime { environment.now().wallTime }

    init(_ hosted: HostedTrigger, _ engine: Engine) {
        self.hosted = hosted
        self.engine = engine
    }

    /// Returns when the engine stops, or does not host it any more.
    func hold() async {
        var isAdopted = false
        while engine.hosts(hosted) {
            do {
                if !isAdopted { try await adopt() }
                isAdopted = true
                try await term()
            } catch {
                // What can't be stored or told now may be in a moment.
                await hosted.bell.wait(engine.options.poll, environment)
            }
        }
    }

    /// Makes the trigger known, and its schedule the one that counts.
    private func adopt() async throws {
        let key = TriggerKeys.state(name)
        while true {
            let stored = try StoredTrigger(try await storage.read([key])[0])
            let schedule = hosted.schedule?.description
            if let stored, stored.state.schedule == schedule { return }
            var state = stored?.state ?? TriggerState(since: now, schedule: schedule)
            if stored != nil {
                // What another schedule would have had in the past is none of this one's.
                state.schedule = schedule
                state.position = TriggerPosition("\(max(state.time, now).milliseconds)")
                state.version += 1
            }
            if try await storage.compareAndSwap(key, from: stored?.bytes, to: try JSONCoding.encode(state)) { return }
        }
    }

    /// Hosts the trigger as long as it stays where this engine thinks it is.
    private func term() async throws {
        guard let stored = try StoredTrigger(try await storage.read([TriggerKeys.state(name)])[0]) else {
            return try await adopt()
        }
        if hosted.schedule != nil { return try await work(nil) }
        let registration = TriggerRegistration(
            id: RunID(from: environment).value, position: stored.state.position, since: stored.state.since,
            environment: environment)
        let firings = try await hosted.trigger.register(registration)
        let feed = TriggerFeed(hosted.bell, position: registration.position)
        let outcome = await withTaskGroup(of: Void.self) { group -> Result<Void, any Error> in
            group.addTask { await feed.read(firings, environment) }
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(try await work(feed))
            } catch {
                outcome = .failure(error)
            }
            feed.close()
            await hosted.trigger.unregister(registration)
            group.cancelAll()
            return outcome
        }
        try outcome.get()
        // A trigger that has no more to tell is asked again after a while.
        if feed.hasEnded { await hosted.bell.wait(engine.options.poll, environment) }
    }

    /// Decides as long as the trigger is this engine's and its position what it was told behind.
    private func work(_ feed: TriggerFeed?) async throws {
        var known: StoredTrigger?
        while engine.hosts(hosted) {
            let entry = try await storage.read([TriggerKeys.state(name)])[0]
            // Mostly nothing has changed.
            if entry?.value != known?.bytes { known = try StoredTrigger(entry) }
            guard let stored = known else { return }
            if stored.state.schedule != hosted.schedule?.description {
                await hosted.bell.wait(engine.options.poll, environment)
                continue
            }
            if let feed, !feed.follows(stored.state.position) { return }
            var step = try await TriggerStep(self, stored, feed?.arrival)
            let isStale = try await !step.perform()
            if !isStale {
                if let arrival = step.settled { feed?.settle(arrival.outcome) }
            }
            // What is there now is looked at at once, if there is more to do or somebody else was first.
            if isStale || step.isPressing {
                await Task.yield()
                continue
            }
            if try feed?.isOver() ?? false { return }
            let moment = now
            let wake = step.machine.wake(after: moment, hosted.schedule)
            let pause = wake.map { moment.duration(to: $0) } ?? engine.options.poll
            await hosted.bell.wait(max(.milliseconds(1), min(pause, engine.options.poll)), environment)
        }
    }
}
