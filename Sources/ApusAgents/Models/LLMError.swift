public import Apus

/// Why a model gave no answer, or not all of it. The code says what to do about it.
public struct LLMError: ClassifiedError, Equatable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, Codable {
        /// Too many requests or tokens: wait, at least ``LLMError/retryAfter``.
        case rateLimited
        /// The provider is too busy: wait.
        case overloaded
        /// Nobody answered, or not in time: try again.
        case unreachable
        /// The answer broke off; ``LLMError/partial`` has what had come.
        case cutStream
        /// The request is longer than the model can read: shorten it.
        case contextTooLong
        /// A filter of the provider stopped the request or the answer.
        case filtered
        /// The model declined.
        case refused
        /// The key is missing, wrong or not allowed to do this.
        case authentication
        /// There is no money or quota left.
        case quotaExhausted
        /// There is no such model.
        case notFound
        /// The provider does not take the request as it is.
        case invalidRequest
        /// The model lacks what the request needs; nothing was sent.
        case unsupported
        /// What came is not what the provider's documentation says.
        case malformedAnswer
    }

    public var code: Code
    /// As ``ModelInfo`` has them.
    public var provider: String
    public var model: String
    /// The HTTP status, if one came.
    public var status: Int?
    /// How long the provider asks to wait.
    public var retryAfter: Duration?
    /// What had come of an answer.
    public var partial: ChatResponse?
    /// What the provider says about it; never a key.
    public var detail: String?

    public init(
        _ code: Code, _ info: ModelInfo, status: Int? = nil, retryAfter: Duration? = nil, partial: ChatResponse? = nil,
        detail: String? = nil
    ) {
        self.code = code
        (provider, model) = (info.provider, info.model)
        self.status = status
        self.retryAfter = retryAfter
        self.partial = partial
        self.detail = detail
    }

    /// Equal codes of the same model; the rest is for a person.
    public static func == (left: Self, right: Self) -> Bool {
        left.code == right.code && left.provider == right.provider && left.model == right.model
    }

    public var failureKind: FailureKind {
        switch code {
        case .rateLimited, .overloaded, .unreachable, .cutStream, .malformedAnswer: .transient
        case .authentication, .quotaExhausted: .system
        case .contextTooLong, .filtered, .refused, .notFound, .invalidRequest, .unsupported: .permanent
        }
    }

    public var description: String {
        let more = [status.map { "status \($0)" }, detail].compactMap(\.self).joined(separator: ", ")
        return "\(provider) \(model): \(code.advice)\(more.isEmpty ? "" : " (\(more))")."
    }
}

extension LLMError.Code {
    fileprivate var advice: String {
        switch self {
        case .rateLimited: "too many requests or tokens; wait and try again"
        case .overloaded: "the provider is too busy; wait and try again"
        case .unreachable: "nobody answered in time; check the network and try again"
        case .cutStream: "the answer broke off; try again, or go on with what had come"
        case .contextTooLong: "the request is longer than the model can read; shorten the conversation"
        case .filtered: "a filter of the provider stopped it; change the request"
        case .refused: "the model declined; change the request"
        case .authentication: "the key is missing, wrong or not allowed to do this; check the credential"
        case .quotaExhausted: "there is no quota or money left; check the account"
        case .notFound: "there is no such model or address; check their names"
        case .invalidRequest: "the provider does not take the request"
        case .unsupported: "the model can't do that"
        case .malformedAnswer: "the answer can't be read"
        }
    }
}
