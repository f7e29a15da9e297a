/// Something that a node asks of a person or another system.
public struct Question<Answer: Codable & Sendable>: Sendable {
    /// Tells the questions of one activation apart.
    public var name: String
    /// What a person is shown.
    public var text: String
    /// The answers to choose from; `nil` where any goes that passes `check`.
    public var choices: [Answer]?
    /// How long it may stay open; `nil` for any time.
    public var expires: Duration?
    /// Refuses an answer by throwing; what it throws is shown to whoever answered.
    public var check: (@Sendable (Answer) throws -> Void)?

    public init(
        _ name: String, _ text: String, choices: [Answer]? = nil, expires: Duration? = nil,
        check: (@Sendable (Answer) throws -> Void)? = nil
    ) {
        self.name = name
        self.text = text
        self.choices = choices
        self.expires = expires
        self.check = check
    }
}

/// A question that nobody has answered yet, as those who can answer see it.
public struct OpenQuestion: Sendable, Hashable, Codable, Identifiable {
    /// Names it within its run.
    public package(set) var id = ""
    public package(set) var run = RunID("")
    /// What a person is shown.
    public var text: String
    /// The answers to choose from, as JSON.
    public var choices: [String]?
    /// The type of the answer.
    public var answer: String
    public var expires: WallTime?

    /// Everything but what the key says.
    private enum CodingKeys: String, CodingKey { case text = "q", choices = "c", answer = "a", expires = "u" }
}

/// Nobody answered in time.
public struct QuestionExpired: ClassifiedError, Hashable, CustomStringConvertible {
    /// The question as its run names it.
    public var question: String

    public var failureKind: FailureKind { .permanent }
    public var description: String { "Nobody answered \"\(question)\" in time." }
}

/// Why an answer was not taken.
public struct AnswerError: ClassifiedError, Hashable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, Codable {
        /// It is not of the type that was asked for, or not one of the choices, or its check refuses it; the question stays open.
        case refused
        /// There is no such open question: it was never asked, was answered before, or has expired.
        case notOpen
    }

    public var code: Code
    public var question: String
    public var detail: String?

    public init(_ code: Code, question: String, detail: String? = nil) {
        self.code = code
        self.question = question
        self.detail = detail
    }

    public var failureKind: FailureKind { .permanent }
    public var description: String {
        let more = detail.map { ": \($0)" } ?? ""
        switch code {
        case .refused: return "The answer to \"\(question)\" is not accepted, the question stays open\(more)."
        case .notOpen: return "The question \"\(question)\" is not open\(more)."
        }
    }
}
