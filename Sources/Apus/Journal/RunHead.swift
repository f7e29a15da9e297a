/// What is known of a run without reading its journal.
public struct RunHead: Sendable, Hashable, Codable, Identifiable {
    /// How far a run is.
    public enum Status: String, Sendable, Hashable, Codable, CaseIterable, CheckedState {
        /// It waits for a worker.
        case ready
        /// A worker executes it.
        case running
        /// It waits for an answer, a signal or a moment, and takes no memory.
        case waiting
        /// Whether an effect happened is not known; somebody has to say.
        case inDoubt
        case completed
        case failed
        case cancelled
        /// It ended the process too often, or its journal is damaged; ``RunHead/reason`` says which.
        case dead

        /// Whether nothing happens any more without somebody asking for it.
        public var isTerminal: Bool {
            switch self {
            case .completed, .failed, .cancelled, .dead: true
            case .ready, .running, .waiting, .inDoubt: false
            }
        }

        /// What may come next. From an end a run goes on only when somebody asks for it, by retrying or undoing.
        public var next: [Status] {
            switch self {
            case .ready: [.running] + Self.ends
            case .running: [.ready, .waiting, .inDoubt] + Self.ends
            case .waiting, .inDoubt: [.ready, .running] + Self.ends
            case .completed, .failed, .cancelled, .dead: [.ready]
            }
        }

        private static let ends = allCases.filter(\.isTerminal)
    }

    public package(set) var id = RunID("")
    public var graph: String
    /// The fingerprint of the graph that wrote the journal.
    public var fingerprint: String
    public var status: Status
    public var created: WallTime
    /// In milliseconds since it was created.
    private var age: Int64 = 0
    /// Who executes it.
    public var worker: String?
    /// When it is to be woken at the latest.
    public var due: WallTime?
    /// Why it has this status.
    public var reason: String?
    /// Whether something was sent to it that no node has waited for yet.
    package var keepsLetters: Bool?

    /// How often it was taken up without getting on, when it was last taken up.
    package var tries: Int?

    /// Where the run was forked from.
    public var origin: RunOrigin?
    /// Those who began it and have to hear of its end: a trigger, a queue.
    package var group: String?

    /// Where the run stands in a trace, if it is in one.
    package var trace: StoredTrace?

    /// Everything but the id, which is the key.
    private enum CodingKeys: String, CodingKey {
        case graph = "g", fingerprint = "f", status = "s", created = "c", age = "u", worker = "w"
        case due = "d", reason = "e", keepsLetters = "k", tries = "t", origin = "o", group = "q", trace = "p"
    }
}

/// A point of another run's history.
public struct RunOrigin: Sendable, Hashable, Codable {
    public var run: RunID
    public var point: Int

    public init(run: RunID, point: Int) {
        self.run = run
        self.point = point
    }
}

extension RunHead {
    package init(graph: String, fingerprint: String, status: Status, created: WallTime, worker: String?) {
        self.graph = graph
        self.fingerprint = fingerprint
        self.status = status
        self.created = created
        self.worker = worker
    }

    /// When it was last taken up or let go of.
    public var updated: WallTime {
        get { WallTime(milliseconds: created.milliseconds + age) }
        set { age = newValue.milliseconds - created.milliseconds }
    }

    package init(_ entry: StorageEntry, id: RunID) throws(JournalError) {
        let json = try Seal.opened(entry, of: id)
        do {
            self = try JSONCoding.decode(RunHead.self, from: json)
        } catch {
            throw JournalError(.damaged, run: id, detail: "its head can't be read: \(error)")
        }
        self.id = id
    }

    /// Lets a batch store this head in place of `old`, with its place in the index and among the timers.
    ///
    /// Throws ``TransitionError`` where its status may not follow that of `old`.
    package func store(in batch: inout StorageBatch, replacing old: RunHead?) throws {
        if let old, old.status != status {
            var machine = StateMachine(old.status)
            try machine.move(to: status, of: "run \(id)")
        }
        batch.put(Seal.sealed(try JSONCoding.encode(self), at: RunKeys.head(id)), at: RunKeys.head(id))
        let key = RunKeys.index(self)
        if let old, RunKeys.index(old) != key { batch.delete(RunKeys.index(old)) }
        batch.put(Array((worker ?? "").utf8), at: key)
        if let due = old?.due, due != self.due { batch.delete(RunKeys.timer(id, due)) }
        if let due { batch.put([], at: RunKeys.timer(id, due)) }
        guard let group else { return }
        if status.isTerminal {
            batch.put(Array(status.rawValue.utf8), at: RunKeys.ended(group, id))
        } else if old?.status.isTerminal ?? false {
            batch.delete(RunKeys.ended(group, id))
        }
    }
}
