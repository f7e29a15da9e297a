public import Apus

/// Tells an agency what is asked of it.
public protocol Notifier: Sendable {
    /// Returns when the notice is delivered.
    ///
    /// It may be sent again, after a failure, or after a crash that left open whether it went out: always with the same `key`, and no
    /// other notice has that.
    func send(_ notice: Notice, key: String, in context: NodeContext) async throws
}
