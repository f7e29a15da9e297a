/// Where the replay of a capsule did something else than the run in it.
public struct ReplayDifference: Sendable, Hashable, CustomStringConvertible {
    /// What is different.
    @nonexhaustive
    public enum Kind: Sendable, Hashable {
        /// It called an effect that the capsule does not hold.
        case effectUnknown(String)
        /// It took another way out of its node; the numbers are those of the cases.
        case exit(recorded: [Int], replayed: [Int])
        /// It changed the state in another way; the changes are JSON.
        case change(recorded: String, replayed: String)
        /// It sent something else along its channels, as JSON.
        case sent(recorded: String, replayed: String)
        /// It ended in another way, such as by a failure.
        case ending(recorded: String, replayed: String)
        /// It ended in the capsule and not in the replay.
        case missing
        /// It ended in the replay and not in the capsule.
        case surplus
    }

    public var activation: String
    public var kind: Kind

    public init(_ activation: String, _ kind: Kind) {
        self.activation = activation
        self.kind = kind
    }

    public var description: String {
        switch kind {
        case .effectUnknown(let name): "\"\(activation)\" calls the effect \"\(name)\", which is not in the capsule"
        case .exit(let recorded, let replayed): "\"\(activation)\" took the cases \(recorded) and takes \(replayed)"
        case .change(let recorded, let replayed): "\"\(activation)\" changed \(recorded) and changes \(replayed)"
        case .sent(let recorded, let replayed): "\"\(activation)\" sent \(recorded) and sends \(replayed)"
        case .ending(let recorded, let replayed): "\"\(activation)\" \(recorded), and now \(replayed)"
        case .missing: "\"\(activation)\" ended in the capsule and does not now"
        case .surplus: "\"\(activation)\" ends now and did not in the capsule"
        }
    }
}

/// What the replay of a capsule came to.
public struct CapsuleReport<State: GraphState>: Sendable {
    /// The state at the end; `nil` unless the replay completed.
    public let state: State?
    /// What the replay failed with, if it did.
    public let failure: String?
    /// In the order of the capsule, effects it does not hold first; empty if the code does what it did.
    public let differences: [ReplayDifference]
}

/// Compares how activations ended in a capsule and in its replay.
struct EndingComparison {
    let recorded: [JournalRecord]
    let replayed: [JournalRecord]
    /// Whether the run went to its end; if not, chance decided how far its branches came.
    let isWhole: Bool
    /// Whether two changes of the outermost graph say the same.
    let isSame: (_ one: [UInt8], _ other: [UInt8]) -> Bool

    func differences() -> [ReplayDifference] {
        let now = Self.last(replayed)
        var found: [ReplayDifference] = []
        var seen: Set<String> = []
        for (activation, record) in Self.last(recorded) {
            seen.insert(activation)
            if let other = now.first(where: { $0.0 == activation })?.1 {
                found += differences(record, other, activation)
            } else if isWhole {
                found.append(ReplayDifference(activation, .missing))
            }
        }
        guard isWhole else { return found }
        return found + now.filter { !seen.contains($0.0) }.map { ReplayDifference($0.0, .surplus) }
    }

    /// How each activation ended at last, in the order of these ends.
    private static func last(_ records: [JournalRecord]) -> [(String, JournalRecord)] {
        var last: [String: Int] = [:]
        let endings = records.filter { [.done, .passed, .failed, .cancelled].contains($0.tag) }
        for (position, record) in endings.enumerated() { last[record.activation ?? ""] = position }
        return last.values.sorted().map { (endings[$0].activation ?? "", endings[$0]) }
    }

    private func differences(
        _ record: JournalRecord, _ other: JournalRecord, _ activation: String
    ) -> [ReplayDifference] {
        if record.tag != other.tag || record.tag == .failed && record.note != other.note {
            return [ReplayDifference(activation, .ending(recorded: Self.words(record), replayed: Self.words(other)))]
        }
        var kinds: [ReplayDifference.Kind] = []
        let (exit, otherExit) = (record.choices ?? [0], other.choices ?? [0])
        if exit != otherExit { kinds.append(.exit(recorded: exit, replayed: otherExit)) }
        if !isSame(record.value, other.value, activation) {
            kinds.append(.change(recorded: record.json ?? "nothing", replayed: other.json ?? "nothing"))
        }
        if record.sent != other.sent {
            kinds.append(.sent(recorded: Self.text(record.sent), replayed: Self.text(other.sent)))
        }
        return kinds.map { ReplayDifference(activation, $0) }
    }

    private func isSame(_ one: [UInt8]?, _ other: [UInt8]?, _ activation: String) -> Bool {
        if one == other { return true }
        guard let one, let other, RunPast.path(around: activation).isEmpty else { return false }
        return isSame(one, other)
    }

    private static func text(_ json: [UInt8]?) -> String {
        json.map { String(decoding: $0, as: UTF8.self) } ?? "nothing"
    }

    private static func words(_ record: JournalRecord) -> String {
        switch record.tag {
        case .failed: "failed with \"\(record.note ?? "")\""
        case .passed: "was passed over"
        case .cancelled: "was cancelled"
        default: "completed"
        }
    }
}
