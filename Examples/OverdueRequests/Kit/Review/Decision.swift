/// What to do about an overdue request, and why.
public struct Decision: Sendable, Codable, Equatable {
    public enum Action: Sendable, Codable, Hashable {
        /// Nothing yet.
        case skip
        /// Ask the unit that answers the request.
        case remind
        /// Tell someone above it; the level counts from 1.
        case escalate(level: Int)
    }

    public var request: ServiceRequest
    public var action: Action
    /// In the order in which the rules spoke; never empty.
    public var reasons: [String]
    /// The model that had a say in it; `nil` where rules decided alone.
    public var model: String?
    /// Why the model had none although it was asked.
    public var modelFailure: String?

    public init(request: ServiceRequest, action: Action, reasons: [String]) {
        self.request = request
        self.action = action
        self.reasons = reasons
    }
}

extension Decision.Action: CustomStringConvertible {
    public var description: String {
        switch self {
        case .skip: "skip"
        case .remind: "remind"
        case .escalate(let level): "escalate to level \(level)"
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        if let action = [Self.skip, .remind].first(where: { $0.description == text }) {
            self = action
        } else if let level = Int(text.trimmingPrefix("escalate to level ")) {
            self = .escalate(level: level)
        } else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no action is called \"\(text)\"")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Decision.Action {
    /// How grave the action is: the level of an escalation, 0 for a reminder, less for nothing.
    var level: Int {
        switch self {
        case .skip: -1
        case .remind: 0
        case .escalate(let level): level
        }
    }
}

extension Decision {
    /// The same without leave to escalate.
    var heldBack: Decision {
        guard action.level > 0 else { return self }
        var held = self
        held.action = .remind
        held.reasons.append("to escalate was not approved")
        return held
    }
}

extension Collection where Element == Decision {
    /// The decisions counted, the gravest first: "escalate 1 to level 3, 16 to level 2; remind 73; skip 2".
    var summary: String {
        let counts = Dictionary(grouping: self, by: \.action.level).mapValues(\.count)
        let levels = counts.filter { $0.key > 0 }.sorted { $0.key > $1.key }.map { "\($0.value) to level \($0.key)" }
        let parts = [
            levels.isEmpty ? nil : "escalate \(levels.joined(separator: ", "))",
            counts[0].map { "remind \($0)" }, counts[-1].map { "skip \($0)" },
        ]
        return parts.compactMap { $0 }.joined(separator: "; ")
    }
}
