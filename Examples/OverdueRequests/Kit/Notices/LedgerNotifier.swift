public import Apus

/// Hands notices to the receiver's ledger, and tells whoever watches the run.
public struct LedgerNotifier: Notifier {
    private let ledger: NoticeLedger

    public init(_ ledger: NoticeLedger) { self.ledger = ledger }

    public func send(_ notice: Notice, key: String, in context: NodeContext) async throws {
        let entry = try ledger.append(notice, key: key)
        context.progress(entry.isRepeat ? "To \(notice.agency): it had this notice already" : notice.text())
    }
}
