/// Why an exchange over HTTP came to nothing. An answer of any status is no error here.
public struct HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Hashable, Sendable {
        /// The request could not be made: its address is none, or it has a header that can't be sent.
        case badRequest
        /// The request's ``NetworkPolicy`` does not allow where it leads.
        case refused
        /// The transport can't hold a request to its ``NetworkPolicy``, and has sent nothing.
        case cannotEnforce
        /// No connection came about; the request was not sent.
        case unreachable
        /// The other side's certificate is not trusted.
        case untrusted
        /// A time of ``HTTPLimits`` ran out.
        case timedOut
        /// A size of ``HTTPLimits`` was exceeded.
        case tooLarge
        /// The connection ended before the answer did.
        case connectionLost
    }

    public var code: Code
    /// The host that was asked; paths and headers may hold secrets.
    public var host: String
    public var limit: HTTPLimit?
    /// What the network layer said.
    public var reason: String?

    public init(_ code: Code, host: String = "", limit: HTTPLimit? = nil, reason: String? = nil) {
        self.code = code
        self.host = host
        self.limit = limit
        self.reason = reason
    }

    public var description: String {
        let what =
            switch code {
            case .badRequest: "The request can't be sent"
            case .refused: "The request may not go there"
            case .cannotEnforce: "This transport can't hold a request to a NetworkPolicy; use CurlTransport"
            case .unreachable: "No connection came about"
            case .untrusted: "The certificate is not trusted"
            case .timedOut: "The answer took too long"
            case .tooLarge: "The answer is too large"
            case .connectionLost: "The connection ended before the answer did"
            }
        let place = host.isEmpty ? "" : " (\(host))"
        let bound = limit.map { "; the limit is `\($0)`, raise it in HTTPLimits if that is too little" } ?? ""
        return what + place + bound + (reason.map { ": \($0)" } ?? "") + "."
    }
}
