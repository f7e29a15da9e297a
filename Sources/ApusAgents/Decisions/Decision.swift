/// How a decision is made.
public enum DecisionMode: String, Sendable, Hashable, Codable, CaseIterable {
    case rules
    /// Rules exclude, a model chooses among what is left; where it fails the rules' own choice stands.
    case hybrid
    case model
    /// A model chooses among all; where it fails the rules decide.
    case modelWithRules
}

/// What was decided, by whom, and why.
public struct Decision<Choice: Codable & Hashable & Sendable>: Sendable, Hashable, Codable {
    public enum Author: Sendable, Hashable, Codable {
        case rule(String)
        case model(String)
        /// No rule applied.
        case fallback
    }

    public var choice: Choice
    public var author: Author
    public var mode: DecisionMode
    public var reasons: [String]
    /// Why the model did not decide although it was asked.
    public var modelFailure: String?
}

/// Why nothing was decided.
public struct DecisionError: Error, Equatable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, Codable {
        /// The rules exclude every choice.
        case nothingAllowed
        /// The mode asks for a model, and there is none.
        case noModel
        /// The model chose what may not be chosen, or said nothing that can be read.
        case invalidChoice
    }

    public var code: Code
    public var detail: String?

    public init(_ code: Code, detail: String? = nil) {
        self.code = code
        self.detail = detail
    }

    public static func == (left: Self, right: Self) -> Bool { left.code == right.code }

    public var description: String {
        let more = detail.map { ": \($0)" } ?? ""
        switch code {
        case .nothingAllowed: return "The rules exclude every choice; loosen one of them\(more)."
        case .noModel: return "This mode asks a model; give the engine one, or decide by rules\(more)."
        case .invalidChoice: return "The model's choice can't be used\(more)."
        }
    }
}
