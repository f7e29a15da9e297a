/// Fires for requests. It knows no server: whichever there is hands it requests and sends what it answers.
public final class WebhookTrigger: Trigger {
    /// How requests are taken.
    public struct Options: Sendable {
        public var check = WebhookCheck.none
        /// The header whose value tells one request from another; a request that comes again starts nothing new.
        public var idempotencyHeader = "Idempotency-Key"
        /// The largest body, in bytes.
        public var limit = 1_048_576
        public var methods = ["POST"]

        public init() {}
    }

    public let name: String
    private let environment: any Environment
    private let options: Options
    private let mailbox: FiringMailbox

    public init(_ name: String, _ options: Options = Options(), environment: any Environment = .live) {
        self.name = name
        self.options = options
        self.environment = environment
        mailbox = FiringMailbox(name)
    }

    public func register(_ registration: TriggerRegistration) -> Firings { mailbox.open(registration) }

    public func unregister(_ registration: TriggerRegistration) { mailbox.close(registration) }

    /// Answers a request when it is stored what becomes of it.
    ///
    /// 202 with the run's id where one starts, 200 where the request was taken before, 401 if it is not genuine, 405, 413, 422 if no state
    /// can be made of it, 429 where policy drops it, 503 when it should be sent again.
    public func handle(_ request: WebhookRequest) async -> WebhookResponse {
        guard options.methods.contains(request.method.uppercased()) else {
            var response = WebhookResponse(405, ["error": "the method is not taken"])
            response.headers["allow"] = options.methods.joined(separator: ", ")
            return response
        }
        if request.body.count > options.limit { return WebhookResponse(413, ["error": "the body is too large"]) }
        guard (try? await options.check.isGenuine(request)) == true else {
            return WebhookResponse(401, ["error": "the request is not signed as it should be"])
        }
        do {
            let firing = Firing(
                id(of: request), due: environment.now().wallTime, payload: Self.payload(of: request.body))
            return Self.response(to: try await mailbox.send(firing))
        } catch {
            return WebhookResponse(503, ["error": "it is not known whether it was taken; send it again"], retry: 1)
        }
    }

    /// Its key where it has one, kept short; otherwise it is like no other.
    private func id(of request: WebhookRequest) -> Firing.ID {
        guard let key = request.header(options.idempotencyHeader), !key.isEmpty else {
            return RunID(from: environment).value
        }
        let isShort = key.utf8.count <= 64 && key.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return "key-" + (isShort ? key : Base64URL.text(of: SHA256.digest(of: Array(key.utf8))[...]))
    }

    /// JSON as it is; other text as text, anything else as Base64 text of its own member.
    private static func payload(of body: [UInt8]) -> JSON {
        guard let text = String(validating: body, as: UTF8.self) else {
            return ["base64": .string(Base64URL.text(of: body[...]))]
        }
        return text.isEmpty ? .null : (try? JSON(parsing: text)) ?? .string(text)
    }

    private static func response(to outcome: FiringOutcome) -> WebhookResponse {
        switch outcome {
        case .started(let run): WebhookResponse(202, ["run": run.value])
        case .waiting(let run): WebhookResponse(202, ["run": run.value, "state": "waiting"])
        case .repeated(let run): WebhookResponse(200, ["run": run.value, "state": "taken before"])
        case .dropped(let loss):
            switch loss.reason {
            case .refused: WebhookResponse(422, ["error": "no run can be made of it"])
            case .overlap, .full, .replaced: WebhookResponse(429, ["error": loss.reason.rawValue], retry: 60)
            case .repeated: WebhookResponse(200, ["state": "taken before"])
            case .missed, .paused: WebhookResponse(503, ["error": loss.reason.rawValue], retry: 60)
            }
        }
    }
}
