/// Tells an agency what is asked of it.
public protocol Notifier: Sendable {
    /// Returns when the notice is delivered. It may be sent again after a failure, always with the same id.
    func send(_ notice: Notice) async throws
}
