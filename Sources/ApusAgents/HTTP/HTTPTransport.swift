/// Carries requests to servers. Replace it to use another HTTP library, to record, or to answer without a network.
public protocol HTTPTransport: Sendable {
    /// Sends `request` and returns once status and headers of the answer are there; its body follows as it is drawn.
    ///
    /// Cancelling the task, or letting go of the body, ends the exchange. A redirect is returned like any other answer, never followed.
    /// What ``HTTPRequest/checked()`` refuses is not sent; the request's ``HTTPLimits`` hold, and its ``NetworkPolicy``.
    /// - Throws: ``HTTPError``, or `CancellationError`.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse
}
