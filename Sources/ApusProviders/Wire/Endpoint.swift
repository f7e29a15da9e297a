public import Apus
public import ApusAgents
public import Foundation

/// Where a vendor's servers are, how to show them a key, and how to get there.
public struct Endpoint: Sendable {
    /// How a request shows the key.
    public enum Authorization: Sendable, Hashable {
        /// `Authorization: Bearer …`.
        case bearer
        /// The key alone in a header of this name.
        case header(String)
    }

    /// What stands before a call's path, such as `https://api.openai.com/v1`.
    public var base: URL
    public var credential: Credential
    public var authorization: Authorization
    /// Sent with every request.
    public var headers: HTTPHeaders
    public var limits: HTTPLimits
    public var transport: any HTTPTransport
    /// Tells the time where a server is waited for.
    public var environment: any Environment

    public init(
        _ base: URL, _ credential: Credential, authorization: Authorization = .bearer, headers: HTTPHeaders = [:],
        limits: HTTPLimits = HTTPLimits(), transport: some HTTPTransport = .standard,
        environment: some Environment = .live
    ) {
        self.base = base
        self.credential = credential
        self.authorization = authorization
        self.headers = headers
        self.limits = limits
        self.transport = transport
        self.environment = environment
    }

    /// Sends a call and returns the answer if its status says that it is one.
    /// - Throws: ``AnswerFault``, from which the key is struck out should the server have repeated it.
    func send(_ call: WireCall) async throws -> HTTPResponse {
        let key = try await credential.key()
        do {
            return try await send(call, key)
        } catch var fault as AnswerFault {
            if key.count > 3 { fault.detail = fault.detail?.replacing(key, with: "…") }
            throw fault
        } catch let error as HTTPError {
            throw AnswerFault(error)
        }
    }

    private func send(_ call: WireCall, _ key: String) async throws -> HTTPResponse {
        guard let url = URL(string: base.absoluteString.trimmingSuffix("/") + call.path) else {
            throw AnswerFault(.invalidRequest, "the name of the model gives no address")
        }
        var request = HTTPRequest("POST", url, headers: headers, body: call.body.bytes, limits: limits)
        request.headers["content-type"] = "application/json"
        for (name, value) in call.headers.all { request.headers[name] = value }
        switch authorization {
        case _ where key.isEmpty: break
        case .bearer: request.headers["authorization"] = "Bearer \(key)"
        case .header(let name): request.headers[name] = key
        }
        // A redirect elsewhere is returned, and the error that it is: the request holds a key.
        let (response, _) = try await transport.send(request, following: 3, acrossOrigins: false)
        guard !(200..<300).contains(response.status) else { return response }
        let body = try await response.body.collect(limit: 1 << 20)
        throw Complaint(body).fault(status: response.status, retryAfter: RetryAfter.of(response.headers))
    }
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> String {
        last == character ? String(dropLast()) : self
    }
}
