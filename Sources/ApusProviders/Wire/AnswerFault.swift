public import ApusAgents

/// An `LLMError` before it is known which model it is about.
public struct AnswerFault: Error, Hashable, Sendable {
    public var code: LLMError.Code
    public var status: Int?
    public var retryAfter: Duration?
    public var detail: String?

    public init(
        _ code: LLMError.Code, _ detail: String? = nil, status: Int? = nil, retryAfter: Duration? = nil
    ) {
        self.code = code
        self.detail = detail
        self.status = status
        self.retryAfter = retryAfter
    }

    /// The same about a model, with what had come of its answer.
    public func error(_ info: ModelInfo, partial: ChatResponse? = nil) -> LLMError {
        LLMError(code, info, status: status, retryAfter: retryAfter, partial: partial, detail: detail)
    }
}

extension AnswerFault {
    init(_ error: HTTPError) {
        let code: LLMError.Code =
            switch error.code {
            case .badRequest: .invalidRequest
            case .tooLarge: .malformedAnswer
            default: .unreachable
            }
        self.init(code, "\(error)")
    }
}
