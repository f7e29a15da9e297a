/// Why the journal of a run can't be written or read.
public struct JournalError: ClassifiedError, Equatable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, Codable {
        /// Another worker has taken the run up; this one must let go of it.
        case fenced
        /// The run is being executed elsewhere, or has ended.
        case notFree
        /// There is no such run.
        case unknownRun
        /// There is a run of that id already, of another graph or from another state.
        case otherRun
        /// What is stored is not what was written.
        case damaged
        /// It is whole, but this version does not know what it says.
        case unreadable
        /// It was written by another version of the graph.
        case otherGraph
        /// It does not go with the graph it is replayed on.
        case doesNotFit
        /// The storage lacks what this worker has stored before: it was put back to an older copy.
        case regressed
        /// The storage refused or could not be reached for too long; ``JournalError/underlying`` says why.
        case storage
        /// The state or a result can't be written down or read back.
        case coding
        /// The storage of the journal can't share a transaction with the effect.
        case noTransaction
        /// The effect can't be named so a second time in one activation.
        case duplicateName
        /// It was taken up too often without getting on, and is not tried again by itself.
        case poisoned
        /// An effect was begun, and whether it happened is not known.
        case inDoubt
    }

    public var code: Code
    public var run: RunID
    public var activation: String?
    public var detail: String?
    public var underlying: StorageError?

    public init(
        _ code: Code, run: RunID, activation: String? = nil, detail: String? = nil, underlying: StorageError? = nil
    ) {
        self.code = code
        self.run = run
        self.activation = activation
        self.detail = detail
        self.underlying = underlying
    }

    /// The detail is for a person.
    public static func == (left: Self, right: Self) -> Bool {
        left.code == right.code && left.run == right.run && left.activation == right.activation
            && left.underlying == right.underlying
    }

    public var failureKind: FailureKind {
        switch code {
        case .storage: .transient
        case .damaged, .unreadable, .regressed: .system
        default: .permanent
        }
    }

    public var description: String {
        let place = activation.map { " at \"\($0)\"" } ?? ""
        let more = [detail, underlying.map { "\($0)" }].compactMap { $0 }.joined(separator: "; ")
        return "The run \"\(run)\"\(place) \(reason)\(more.isEmpty ? "" : ": \(more)")."
    }

    private var reason: String {
        switch code {
        case .fenced: "was taken up by another worker and goes on there"
        case .notFree: "can't be taken up: it is being executed or has ended"
        case .unknownRun: "is not in this storage"
        case .otherRun: "exists already and is not the same; choose another id"
        case .damaged: "has a damaged journal; restore the storage from a copy, or export what is before the damage"
        case .unreadable: "has a journal that this version can't read; use the version that wrote it, or a newer one"
        case .otherGraph: "was begun by another version of its graph; accept the difference or migrate"
        case .doesNotFit: "has a journal that does not go with its graph"
        case .regressed:
            "lacks what was stored before, so its storage was put back to an older copy; see what it did since, then retry it"
        case .storage: "could not write its journal"
        case .coding: "has a value that can't be written down or read back"
        case .noTransaction: "is not written down in a storage of that type, so that nothing can commit with it"
        case .duplicateName: "uses one name for two effects; give each its own, such as \"insert-\\(index)\""
        case .poisoned: "is set aside; mend what ends its process, then retry it"
        case .inDoubt: "has an effect of which nobody knows whether it happened; resolve it"
        }
    }
}
