/// How the results of a composite's bodies are written down and read back.
struct BodyCodec<Value: Sendable>: Sendable {
    let encode: @Sendable (Value) throws -> [UInt8]
    let decode: @Sendable ([UInt8]) throws -> Value
}

extension BodyCodec where Value: Codable {
    /// The value as JSON.
    static var json: BodyCodec {
        BodyCodec(encode: { try JSONCoding.encode($0) }, decode: { try JSONCoding.decode(Value.self, from: $0) })
    }
}

extension BodyCodec where Value: GraphState {
    /// What the body changed in the state it started with.
    static func change(from before: Value, _ schema: StateSchema<Value>) -> BodyCodec {
        BodyCodec(
            encode: { after in
                guard let change = schema.change(from: before, to: after) else { return Array("{}".utf8) }
                return try schema.encode(change, base: before)
            },
            decode: { json in
                var state = before
                try schema.decode(json).apply(to: &state)
                return state
            })
    }
}

/// The bodies of one composite in the journal of a durable run.
struct BodyRecords<Value: Sendable>: Sendable {
    private let core: RunCore
    private let journal: RunJournal
    private let codec: BodyCodec<Value>
    private let composite: String
    private let handle: BranchHandle?
    /// How bodies have ended before, in the order of the journal; failures of an earlier attempt do not count.
    let past: [JournalRecord]

    /// `nil` if the run keeps no journal.
    init?(_ context: NodeContext, _ codec: BodyCodec<Value>) {
        guard let core = context.site.services as? RunCore, let journal = core.journal else { return nil }
        self.core = core
        self.journal = journal
        self.codec = codec
        composite = "\(context.activation)"
        handle = context.extras?.handle as? BranchHandle
        past = journal.bodies(of: composite).filter { $0.tag == .element || context.attempt == 1 }
    }

    /// Whether bodies whose outcome does not depend on time are to run again.
    var isReplayed: Bool { core.replay != nil }

    /// What a record says a body came to; what it sent is sent again.
    func result(_ record: JournalRecord) throws -> Result<Value, any Error> {
        guard record.tag == .element, let value = record.value else {
            return .failure(JournaledError(record.note ?? "unknown"))
        }
        do {
            if let sent = record.sent { try handle?.restore(sent, body: record.number) }
            return .success(try codec.decode(value))
        } catch {
            throw JournalError(.coding, run: core.runID, activation: composite, detail: "\(error)")
        }
    }

    /// The result of a body that ended well before.
    func result(of body: Int) throws -> Value? {
        guard !isReplayed, let record = past.last(where: { $0.number == body && $0.tag == .element }) else {
            return nil
        }
        return try result(record).get()
    }

    /// Writes down that a body ended, and waits as long as the durability asks for; where `isLast` says that the composite ends with it, it
    /// is stored with that end.
    func ended(_ body: Int, _ result: Result<Value, any Error>, isLast: Bool = false) async throws {
        if Task.isCancelled { return }
        switch result {
        case .success(let value):
            let json: [UInt8]
            let sent: [UInt8]?
            do {
                json = try codec.encode(value)
                sent = try handle?.written(by: body)
            } catch {
                throw JournalError(.coding, run: core.runID, activation: composite, detail: "\(error)")
            }
            journal.add(JournalRecord(.element, composite, number: body, value: json, sent: sent))
        case .failure(let error):
            journal.add(JournalRecord(.elementFailed, composite, number: body, note: "\(error)"))
        }
        if isLast { return }
        do {
            try await journal.settle()
        } catch {
            await core.activity.leave(error)
            throw CancellationError()
        }
    }
}
