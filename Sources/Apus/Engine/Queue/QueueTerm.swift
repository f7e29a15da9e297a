/// A term of office of an engine that leads a queue: it reads what there is, starts what may, and clears away what has ended.
struct QueueTerm: Sendable {
    let engine: Engine
    let lead: QueueLead
    let office: [UInt8]
    /// How often is looked for work whose run ended without anybody telling: a search through all that is active.
    private static let search = Duration.seconds(60)

    var keys: QueueKeys { lead.keys }
    var storage: any Storage { engine.storage }
    var environment: any Environment { engine.environment }

    /// Waits for the office and holds it, again and again, until the engine is to stop.
    static func hold(_ lead: QueueLead, of engine: Engine) async {
        while !engine.isStopping {
            if let term = await QueueTerm(lead, of: engine) {
                await term.serve()
            } else {
                await lead.bell.wait(engine.options.poll, engine.environment)
            }
        }
    }

    /// Takes the office, if nobody has it.
    private init?(_ lead: QueueLead, of engine: Engine) async {
        self.engine = engine
        self.lead = lead
        office = Array("\(engine.worker)/\(engine.environment.random())".utf8)
        var batch = StorageBatch()
        let expires = engine.environment.now().wallTime.advanced(by: engine.options.lease)
        batch.create(office, at: lead.keys.lead, expires: expires)
        guard (try? await engine.storage.commit(batch)) != nil else { return nil }
        lead.takeOffice(office)
    }

    private func serve() async {
        do {
            try await load()
            await work()
        } catch {
            // What can't be read now is read by the next term.
        }
        lead.resign(office)
        var batch = StorageBatch()
        batch.require(.holds(keys.lead, office))
        batch.delete(keys.lead)
        try? await storage.commit(batch)
    }

    var isOver: Bool { engine.isStopping || lead.office != office }

    private func work() async {
        await withDiscardingTaskGroup { group in
            var nextLook = environment.now()
            var nextSearch = nextLook
            var nextRenewal = nextLook.advanced(by: engine.options.lease / 3)
            while !isOver {
                if environment.now() >= nextLook {
                    nextLook = environment.now().advanced(by: engine.options.poll)
                    await look()
                }
                if environment.now() >= nextSearch {
                    nextSearch = environment.now().advanced(by: Self.search)
                    try? await lookForLost()
                }
                if environment.now() >= nextRenewal {
                    guard await renew() else { break }
                    nextRenewal = environment.now().advanced(by: engine.options.lease / 3)
                }
                await act(&group)
                await clear()
                await pause(until: min(nextLook, nextRenewal))
            }
            // What is being started is finished: the storage decides whether it still may.
        }
        await clear()
    }

    private func pause(until moment: Instant) async {
        let now = environment.now()
        var pause = now.duration(to: moment)
        if let wake = lead.decide(office, { $0.machine.wake(after: now.wallTime) }) ?? nil {
            pause = min(pause, max(.zero, now.wallTime.duration(to: wake)))
        }
        guard pause > .zero, lead.decide(office, { $0.ended.isEmpty }) ?? false else { return }
        await lead.bell.wait(pause, environment)
    }

    /// Says that it is still in office; false if it is not.
    private func renew() async -> Bool {
        var batch = StorageBatch()
        batch.require(.holds(keys.lead, office))
        batch.put(office, at: keys.lead, expires: environment.now().wallTime.advanced(by: engine.options.lease))
        do {
            try await storage.commit(batch)
            return true
        } catch let error as StorageError where error.code == .conflict {
            return false
        } catch {
            // It is tried again; the storage refuses what is started past the expiry.
            return true
        }
    }
}
