import Apus
import ApusAgents

/// What a vendor says is wrong, whatever the shape in which it says so.
///
/// The shapes: `{"error": {"message", "type", "code", "param"}}` (OpenAI and most others; `code` may be a number),
/// `{"error": {"code", "message", "status", "details"}}` (Google, which may wrap it in an array), `{"type": "error", "error": {…}}`
/// (Anthropic), `{"error": "text"}` (Ollama, xAI with a `code` beside it), `{"message": "text"}` (Cohere, Bedrock),
/// `{"detail": "text"}` or a list of `{"loc", "msg"}` (Mistral and other servers on FastAPI), `{"object": "error", "message"}`
/// (vLLM), and plain text.
struct Complaint {
    var message: String
    /// What names the kind of error, in the vendor's words.
    var names: [String] = []
    /// An HTTP status that stands in the body.
    var status: Int?
    var retryAfter: Duration?

    init(_ body: [UInt8]) {
        guard let json = try? JSON(parsing: body) else {
            self.init(message: String(decoding: body.prefix(500), as: UTF8.self))
            return
        }
        self = Complaint(json) ?? Complaint(message: String(decoding: body.prefix(500), as: UTF8.self))
    }

    init(message: String) { self.message = message }

    /// `nil` if `json` complains about nothing.
    init?(_ json: JSON) {
        if let first = json.elements?.first, let complaint = Complaint(first) {
            self = complaint
        } else if let error = json["error"], error.members != nil {
            self.init(message: error["message"]?.text ?? "\(error)")
            take(error)
            // OpenRouter passes on what the vendor behind it said.
            if let raw = error["metadata"]?["raw"]?.text { message += ": " + raw.prefix(500) }
        } else if let text = json["error"]?.text {
            self.init(message: text)
            take(json)
        } else if let text = json["message"]?.text {
            self.init(message: text)
            take(json)
        } else if let detail = json["detail"], !detail.isNull {
            self.init(message: detail.text ?? detail[0]?["msg"]?.text ?? "\(detail)")
        } else {
            return nil
        }
    }

    private mutating func take(_ error: JSON) {
        names = ["type", "code", "status"].compactMap { error[$0]?.text }
        status = error["code"]?.integerValue ?? error["status"]?.integerValue ?? error["status_code"]?.integerValue
        for detail in error["details"]?.elements ?? [] {
            if let reason = detail["reason"]?.text { names.append(reason) }
            if let delay = detail["retryDelay"]?.text { retryAfter = RetryAfter.parse(delay) }
        }
    }
}

extension Complaint {
    /// What to do about it.
    /// - Parameter status: of the answer, unless it was 200 and the error came within.
    func fault(status: Int?, retryAfter: Duration? = nil) -> AnswerFault {
        let status = status ?? self.status.flatMap { (400..<600).contains($0) ? $0 : nil }
        let code = namedCode ?? messageCode ?? Self.code(of: status)
        return AnswerFault(code, message, status: status, retryAfter: retryAfter ?? self.retryAfter)
    }

    private var namedCode: LLMError.Code? {
        names.lazy.compactMap { Self.codes[$0.lowercased()] }.first
    }

    /// The vendors' names that mean more than the status they come with.
    private static let codes: [String: LLMError.Code] = [
        "context_length_exceeded": .contextTooLong, "too_many_prompt_tokens": .contextTooLong,
        "string_above_max_length": .contextTooLong, "request_too_large": .contextTooLong,
        "insufficient_quota": .quotaExhausted, "billing_hard_limit_reached": .quotaExhausted,
        "billing_error": .quotaExhausted, "insufficient_balance": .quotaExhausted,
        "authentication_error": .authentication, "permission_error": .authentication,
        "invalid_api_key": .authentication, "api_key_invalid": .authentication, "unauthenticated": .authentication,
        "permission_denied": .authentication, "model_not_found": .notFound, "not_found_error": .notFound,
        "not_found": .notFound, "deploymentnotfound": .notFound, "rate_limit_error": .rateLimited,
        "rate_limit_exceeded": .rateLimited, "ratelimitreached": .rateLimited, "resource_exhausted": .rateLimited,
        "overloaded_error": .overloaded, "unavailable": .overloaded, "api_error": .overloaded,
        "server_error": .overloaded,
        "internal_server_error": .overloaded, "timeout_error": .unreachable, "deadline_exceeded": .unreachable,
        "content_filter": .filtered, "content_policy_violation": .filtered, "responsibleaipolicyviolation": .filtered,
        // The model wrote a call that breaks the rules: the same request may do better.
        "tool_use_failed": .malformedAnswer,
    ]

    /// Some vendors say only in words that a request is too long, with the status of any bad request.
    private var messageCode: LLMError.Code? {
        let text = message.lowercased()
        let tooLong = [
            "prompt is too long", "maximum context length", "context window", "exceeds the maximum number of tokens",
            "too many tokens", "token limit",
        ]
        if tooLong.contains(where: text.contains) { return .contextTooLong }
        if text.contains("credit balance is too low") { return .quotaExhausted }
        return nil
    }

    private static func code(of status: Int?) -> LLMError.Code {
        switch status {
        case 401?, 403?: .authentication
        case 402?: .quotaExhausted
        case 404?: .notFound
        case 408?, 504?, 524?: .unreachable
        case 413?: .contextTooLong
        case 429?: .rateLimited
        case nil: .overloaded
        case .some(let status): status >= 500 ? .overloaded : .invalidRequest
        }
    }
}
