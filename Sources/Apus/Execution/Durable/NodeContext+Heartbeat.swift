extension NodeContext {
    /// Says that the activation is alive, for a node with `.heartbeat(within:)` here or around it.
    public func heartbeat() { scope?.pulse?.beat(at: environment.now()) }

    /// The same with how far it is, for the next attempt to go on from.
    ///
    /// In a run that is written down the details are stored in place of those before, which is one commit, so the next attempt finds
    /// them also after a crash. Otherwise a node with `.heartbeat(within:)` keeps them in memory.
    public func heartbeat<Details: Codable & Sendable>(_ details: Details) async throws {
        heartbeat()
        let place = "\(activation)"
        let json: [UInt8]
        do {
            json = try JSONCoding.encode(HeartbeatDetails(details: details))
        } catch {
            throw JournalError(.coding, run: runID, activation: place, detail: "its heartbeat: \(error)")
        }
        scope?.pulse?.keep(json, of: place)
        guard let core = site.services as? RunCore, let journal = core.journal, let head = journal.head else { return }
        var batch = StorageBatch()
        let key = RunKeys.beat(journal.run, place)
        // A worker that has lost the run writes over nobody's details.
        batch.require(.holds(RunKeys.head(journal.run), try head.sealed))
        batch.put(Seal.sealed(json, at: key), at: key)
        do {
            try await journal.storage.commit(batch)
        } catch let error as StorageError where error.code == .conflict {
            await core.activity.leave(JournalError(.fenced, run: journal.run))
            throw CancellationError()
        }
    }

    /// What an earlier attempt of this activation said last of how far it was; `nil` if it said nothing.
    public func lastHeartbeat<Details: Codable & Sendable>(as type: Details.Type = Details.self) async throws
        -> Details?
    {
        let place = "\(activation)"
        if let known = scope?.pulse?.details(of: place) { return try details(known, place) }
        guard let journal = (site.services as? RunCore)?.journal else { return nil }
        let stored = try await journal.storage.read([RunKeys.beat(journal.run, place)])[0]
        return try stored.map { try details(try Seal.opened($0, of: journal.run), place) }
    }

    private func details<Details: Codable>(_ json: [UInt8], _ place: String) throws -> Details {
        do {
            return try JSONCoding.decode(HeartbeatDetails<Details>.self, from: json).details
        } catch {
            throw JournalError(.coding, run: runID, activation: place, detail: "its heartbeat: \(error)")
        }
    }
}

/// What an activation said of how far it is, as it is stored.
private struct HeartbeatDetails<Details: Codable>: Codable {
    var details: Details

    enum CodingKeys: String, CodingKey {
        case details = "d"
    }
}
