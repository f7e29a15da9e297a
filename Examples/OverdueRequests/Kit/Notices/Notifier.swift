public import Apus

/// Tells an agency what is asked of it.
public protocol Notifier: Sendable {
    /// Returns when the notice is delivered. It may be sent again after a failure, always with the same id.
    func send(_ notice: Notice, in context: NodeContext) async throws
}

/// Tells whoever watches the run, who prints it in its place among all else that happens.
public struct PrintedNotifier: Notifier {
    public init() {}

    public func send(_ notice: Notice, in context: NodeContext) async throws { context.progress(notice.text()) }
}
