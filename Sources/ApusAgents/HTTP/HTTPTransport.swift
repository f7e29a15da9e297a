/// Carries requests to servers. Replace it to use another HTTP library, to record, or to answer without a network.
public protocol HTTPTransport: Sendable {
    /// Sends `request` and returns once status and headers of the answer are there; its body follows as it is drawn.
    ///
    /// Cancelling the task, or letting go of the body, ends the exchange. A redirect to another origin is returned, not followed:
    /// the request's headers are credentials. The request's ``HTTPLimits`` hold.
    /// - Throws: ``HTTPError``, or `CancellationError`.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse
}
