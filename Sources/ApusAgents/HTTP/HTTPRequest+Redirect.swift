import Foundation

extension HTTPRequest {
    /// Headers that say what is sent or wanted and never who asks: these alone go along to another origin.
    private static let impersonal: Set = [
        "accept", "accept-encoding", "accept-language", "cache-control", "content-language", "content-type",
        "if-modified-since", "if-none-match", "range", "user-agent",
    ]

    /// The request that a redirect asks for, by the rules of the Fetch standard; `nil` if an answer of this status is none.
    ///
    /// Stricter than those: to another origin goes no header that could be a credential, and no body; and nothing goes from `https`
    /// to `http`.
    /// - Parameter location: The header of that name.
    /// - Throws: ``HTTPError`` with the code `badRequest` for a location that leads nowhere, `refused` for one that may not be followed.
    public func redirected(by status: Int, to location: String?) throws(HTTPError) -> HTTPRequest? {
        guard [301, 302, 303, 307, 308].contains(status), let location else { return nil }
        let from = try WebAddress(url.absoluteString)
        let to = try from.resolving(location)
        guard from.scheme == .http || to.scheme == .https else {
            throw HTTPError(.refused, host: to.hostText, reason: "a redirect leads from https to http")
        }
        var next = self
        next.url = to.url
        let becomesGet = status == 303 ? method != "HEAD" : status < 303 && method == "POST"
        if becomesGet {
            next.method = "GET"
            next.body = []
            for name in headers.all.map(\.name) where name.hasPrefix("content-") { next.headers[name] = nil }
        }
        if !from.hasSameOrigin(as: to) {
            guard ["GET", "HEAD"].contains(next.method), next.body.isEmpty else {
                throw HTTPError(.refused, host: to.hostText, reason: "a redirect leads what was sent to another origin")
            }
            for name in headers.all.map(\.name) where !Self.impersonal.contains(name) { next.headers[name] = nil }
        }
        return next
    }
}

extension HTTPTransport {
    /// Sends a request and follows redirects, each of which is held to the request's policy anew.
    /// - Parameters:
    ///   - limit: How many redirects are followed.
    ///   - acrossOrigins: Whether one may lead to another origin; the answer that asks for it is returned otherwise.
    /// - Returns: The answer, and the request that it answers.
    /// - Throws: ``HTTPError`` with the code `refused` for one redirect too many and for one that may not be followed; and what
    ///   ``send(_:)`` throws.
    public func send(
        _ request: HTTPRequest, following limit: Int, acrossOrigins: Bool = true
    ) async throws -> (response: HTTPResponse, request: HTTPRequest) {
        var request = request
        for _ in 0...max(0, limit) {
            let response = try await send(request)
            guard let next = try request.redirected(by: response.status, to: response.headers["location"]) else {
                return (response, request)
            }
            let isNear = try WebAddress(request.url.absoluteString).hasSameOrigin(
                as: WebAddress(next.url.absoluteString))
            guard isNear || acrossOrigins else { return (response, request) }
            request = next
        }
        throw HTTPError(.refused, host: request.url.host() ?? "", reason: "there are more than \(limit) redirects")
    }
}
