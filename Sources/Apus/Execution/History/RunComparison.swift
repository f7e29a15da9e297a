/// How two runs of a graph differ.
public struct RunComparison: Sendable, Hashable {
    /// A part of the state, as JSON; `nil` on the side that has none.
    public struct FieldDifference: Sendable, Hashable {
        public var field: String
        public var first: String?
        public var second: String?
    }

    /// An activation that ended differently, as ``HistoryEvent`` says it.
    public struct EndDifference: Sendable, Hashable {
        public var activation: String
        public var first: HistoryEvent
        public var second: HistoryEvent
    }

    /// An effect that only one of the runs tried, or that came to something else.
    public struct EffectDifference: Sendable, Hashable {
        public var activation: String
        public var name: String
        public var first: LedgerEntry.Outcome?
        public var second: LedgerEntry.Outcome?
    }

    public let first: RunID
    public let second: RunID
    /// The members of the states at the last points, in the order of their names.
    public let fields: [FieldDifference]
    /// The activations that ended in one run alone, each in the order in which they did.
    public let onlyInFirst: [String]
    public let onlyInSecond: [String]
    /// The activations that ended in both and took another exit, failed or were cancelled in one; in the order of the first run.
    public let endings: [EndDifference]
    public let effects: [EffectDifference]

    /// Whether the runs came to the same in the same way, whatever the times.
    public var isEqual: Bool {
        fields.isEmpty && onlyInFirst.isEmpty && onlyInSecond.isEmpty && endings.isEmpty && effects.isEmpty
    }
}

extension RunComparison {
    /// Compares two histories as far as they are readable.
    public init<State>(_ first: RunHistory<State>, _ second: RunHistory<State>) throws {
        self.first = first.run
        self.second = second.run
        fields = try Self.fields(try first.last?.state, try second.last?.state)
        let (ends, others) = (first.endings, second.endings)
        let (known, otherKnown) = (Set(ends.map(\.0)), Set(others.map(\.0)))
        onlyInFirst = ends.map(\.0).filter { !otherKnown.contains($0) }
        onlyInSecond = others.map(\.0).filter { !known.contains($0) }
        let byName = Dictionary(others, uniquingKeysWith: { $1 })
        endings = ends.compactMap { activation, event in
            guard let other = byName[activation], other != event else { return nil }
            return EndDifference(activation: activation, first: event, second: other)
        }
        effects = Self.effects(first.effects, second.effects)
    }

    private static func fields<State: GraphState>(
        _ first: State?, _ second: State?
    ) throws -> [FieldDifference] {
        let (members, others) = (try members(first), try members(second))
        let names = Set(members.keys).union(others.keys).sorted()
        return names.compactMap { name in
            guard members[name] != others[name] else { return nil }
            return FieldDifference(field: name, first: members[name], second: others[name])
        }
    }

    private static func members<State: GraphState>(_ state: State?) throws -> [String: String] {
        guard let state else { return [:] }
        var members: [String: String] = [:]
        var reader = JSONReader(try JSONCoding.encode(state))
        try reader.object { key, reader throws(JSONReader.Malformed) in
            members[key] = String(decoding: try reader.raw(), as: UTF8.self)
        }
        return members
    }

    private static func effects(_ first: [LedgerEntry], _ second: [LedgerEntry]) -> [EffectDifference] {
        let byID = Dictionary(second.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        var differences = first.compactMap { entry -> EffectDifference? in
            let other = byID[entry.id]
            if other?.outcome == entry.outcome { return nil }
            return EffectDifference(
                activation: entry.activation, name: entry.name, first: entry.outcome, second: other?.outcome)
        }
        let known = Set(first.map(\.id))
        differences += second.filter { !known.contains($0.id) }.map { entry in
            EffectDifference(activation: entry.activation, name: entry.name, first: nil, second: entry.outcome)
        }
        return differences
    }
}

extension RunHistory {
    /// How each activation ended at last, in the order of these ends.
    fileprivate var endings: [(String, HistoryEvent)] {
        var last: [String: Int] = [:]
        for point in points where point.event.isEnding { last[point.activation ?? ""] = point.number }
        return last.values.sorted().map { (points[$0].activation ?? "", points[$0].event) }
    }
}

extension HistoryEvent {
    fileprivate var isEnding: Bool {
        switch self {
        case .completed, .passedOver, .failed, .cancelled: true
        default: false
        }
    }
}
