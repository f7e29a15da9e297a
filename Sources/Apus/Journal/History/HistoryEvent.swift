/// What happened at one point of a run's history.
public enum HistoryEvent: Sendable, Hashable {
    case began(graph: String, entry: String?)
    /// What came before was taken over from another run, up to this point of it; `isEdited` if its state was changed then.
    case forked(from: RunID, at: Int, isEdited: Bool)
    /// A worker took the run up, for the `attempt`th time since it last got on.
    case claimed(worker: String?, attempt: Int)
    /// The worker let go of the run, which is woken at `due` at the latest.
    case released(RunHead.Status, due: WallTime?)
    /// All of the run was written down, so that what came before need not be read to go on.
    case snapshotTaken
    case completed(HistoryExit)
    /// The activation failed, and the run goes on as if it had succeeded without a change.
    case passedOver(HistoryExit)
    /// The activation failed for good; `leadsOn` if the run goes on by its failure exit.
    case failed(String, leadsOn: Bool)
    case cancelled
    /// A body of a composite ended, counted from 0.
    case bodyCompleted(Int)
    case bodyFailed(Int, String)
    /// An effect was about to be tried.
    case effectBegan(String, kind: String, attempt: Int)
    case effectDone(String)
    case effectFailed(String, String)
    /// Somebody said what became of an effect in doubt.
    case effectResolved(String, happened: Bool)
    case asked(question: String, expires: WallTime?)
    case answered(question: String)
    case expired(question: String)
    /// The activation waits no longer for this question or signal.
    case withdrawn(String)
    /// The activation sleeps until then.
    case slept(until: WallTime)
    case awaits(signal: String)
    case received(signal: String)
    /// What undoes completed work was registered.
    case compensationRegistered(String)
    case compensated(String)
    /// Everything that happened since this point is to be undone.
    case undoing(to: Int)
    /// What failed is tried again.
    case retried
    case ended(String, reason: String?)
}

/// The way that an activation took out of its node.
public struct HistoryExit: Sendable, Hashable {
    /// The numbers of the cases it took, several where the exit selects.
    public var cases: [Int]
    /// The nodes they lead to; empty at the end of a path and inside of composites.
    public var targets: [String]

    public init(cases: [Int], targets: [String]) {
        self.cases = cases
        self.targets = targets
    }
}

extension HistoryEvent {
    /// What a record says. `targets` names the nodes that cases of an activation's exit lead to.
    package init(_ record: JournalRecord, targets: (String, [Int]) -> [String]) {
        let name = record.name ?? ""
        let number = record.number ?? 0
        switch record.tag {
        case .began: self = .began(graph: name, entry: record.note)
        case .forked: self = .forked(from: RunID(name), at: number, isEdited: record.value != nil)
        case .claimed: self = .claimed(worker: record.name, attempt: number)
        case .released:
            self = .released(record.name.flatMap { RunHead.Status(rawValue: $0) } ?? .waiting, due: record.time)
        case .snapshot: self = .snapshotTaken
        case .done: self = .completed(HistoryExit(record, targets))
        case .passed: self = .passedOver(HistoryExit(record, targets))
        case .failed: self = .failed(record.note ?? "", leadsOn: record.number == 1)
        case .cancelled: self = .cancelled
        case .element: self = .bodyCompleted(number)
        case .elementFailed: self = .bodyFailed(number, record.note ?? "")
        case .intent: self = .effectBegan(name, kind: record.note ?? "", attempt: number)
        case .effect: self = .effectDone(name)
        case .effectFailed: self = .effectFailed(name, record.note ?? "")
        case .resolved: self = .effectResolved(name, happened: record.value != nil)
        default: self = .waiting(record, name)
        }
    }

    private static func waiting(_ record: JournalRecord, _ name: String) -> HistoryEvent {
        switch record.tag {
        case .asked: .asked(question: record.question, expires: record.time)
        case .answered: .answered(question: record.question)
        case .expired: .expired(question: record.question)
        case .withdrawn: .withdrawn(record.number == nil ? record.question : name)
        case .slept: .slept(until: record.time ?? WallTime(milliseconds: 0))
        case .awaited: .awaits(signal: name)
        case .signalled: .received(signal: name)
        case .compensation: .compensationRegistered(name)
        case .compensated: .compensated(name)
        case .undoing: .undoing(to: record.number ?? 0)
        case .retried: .retried
        default: .ended(name, reason: record.note)
        }
    }
}

extension HistoryExit {
    fileprivate init(_ record: JournalRecord, _ targets: (String, [Int]) -> [String]) {
        let cases = record.choices ?? (record.number == 1 ? [] : [0])
        self.init(cases: cases, targets: targets(record.activation ?? "", cases))
    }
}

extension HistoryEvent: CustomStringConvertible {
    /// For a person; it holds no payload.
    public var description: String {
        switch self {
        case .began(let graph, let entry): "began \"\(graph)\"" + (entry.map { " by \"\($0)\"" } ?? "")
        case .forked(let run, let point, let isEdited): "forked from \(run) at \(point)" + (isEdited ? ", edited" : "")
        case .claimed(let worker, let attempt): "taken up by \(worker ?? "an executor"), attempt \(attempt)"
        case .released(let status, _): "let go of, \(status.rawValue)"
        case .snapshotTaken: "written down as a whole"
        case .completed(let exit): "completed" + exit.arrow
        case .passedOver(let exit): "passed over" + exit.arrow
        case .failed(_, let leadsOn): leadsOn ? "failed, and the run goes on" : "failed"
        case .cancelled: "cancelled"
        case .bodyCompleted(let number): "body \(number) completed"
        case .bodyFailed(let number, _): "body \(number) failed"
        case .effectBegan(let name, let kind, let attempt): "effect \"\(name)\" begins, \(kind), attempt \(attempt)"
        case .effectDone(let name): "effect \"\(name)\" done"
        case .effectFailed(let name, _): "effect \"\(name)\" failed"
        case .effectResolved(let name, let happened): "effect \"\(name)\" \(happened ? "happened" : "did not happen")"
        default: wait
        }
    }

    private var wait: String {
        switch self {
        case .asked(let question, _): "asked \"\(question)\""
        case .answered(let question): "\"\(question)\" was answered"
        case .expired(let question): "\"\(question)\" expired"
        case .withdrawn(let name): "waits no longer for \"\(name)\""
        case .slept(let moment): "sleeps until \(moment.milliseconds)"
        case .awaits(let signal): "waits for the signal \"\(signal)\""
        case .received(let signal): "received the signal \"\(signal)\""
        case .compensationRegistered(let name): "can be undone by \"\(name)\""
        case .compensated(let name): "undone by \"\(name)\""
        case .undoing(let point): "is undone back to \(point)"
        case .retried: "tried again"
        case .ended(let how, _): "ended, \(how)"
        default: ""
        }
    }
}

extension HistoryExit {
    fileprivate var arrow: String { targets.isEmpty ? "" : " → " + targets.joined(separator: ", ") }
}
