import Apus

/// Turns the events of a run into lines: one for each node that ends, with what it last said of itself.
///
/// Elements of a composite are counted; what they say is printed at once.
struct ProgressView {
    private let console: Console
    private let width: Int
    private var words: [String: String] = [:]
    private var elements: [String: Int] = [:]
    private var failures: [String: Int] = [:]
    /// What waits for an answer, and is put away meanwhile.
    private var asking: Set<ActivationID> = []

    /// `nodes` are the names to line up.
    init(console: Console, nodes: [String]) {
        self.console = console
        width = nodes.map(\.count).max() ?? 0
    }

    mutating func show(_ event: RunEvent) {
        switch event.kind {
        case .started(let id, _): console.show("… \(id)")
        case .progress(let id, let text): report(text, from: id)
        case .asked(let id, _):
            if asking.insert(id).inserted { line("?", id, "asks") }
        case .completed(let id): complete(id)
        case .retrying(let id, let attempt, let error, let delay):
            line("↻", id, "attempt \(attempt) failed, again in \(Self.seconds(delay)): \(error)")
        case .failed(let id, let error):
            if id.isElement { failures[id.node, default: 0] += 1 }
            line("✗", id, error)
        case .passedOver(let id, let error): line("✗", id, "passed over: \(error)")
        case .skipped(let id): line("–", id, "not needed")
        case .cancelled(let id): if !asking.contains(id) { line("–", id, "cancelled") }
        case .suspended, .modelCalled, .toolCalled: break
        case .runStarted, .runContinued, .runPaused, .runResumed, .runCompleted, .runFailed, .runCancelled,
            .runSuspended, .runReleased:
            console.clear()
        }
    }

    private mutating func report(_ text: String, from id: ActivationID) {
        guard id.isElement else {
            words[id.node] = text
            return
        }
        console.clear()
        for part in text.split(separator: "\n") { console.print("  \(part)") }
    }

    private mutating func complete(_ id: ActivationID) {
        if id.isElement {
            elements[id.node, default: 0] += 1
            return
        }
        line("✓", id, words[id.node] ?? counts(of: id.node))
    }

    /// What became of a composite's elements; empty for any other node.
    private func counts(of node: String) -> String {
        let parts = [elements[node].map { "\($0) done" }, failures[node].map { "\($0) failed" }]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    private func line(_ mark: String, _ id: ActivationID, _ text: String) {
        console.clear()
        let name = id.description
        let gap = String(repeating: " ", count: max(0, width - name.count) + 2)
        console.print(text.isEmpty ? "\(mark) \(name)" : "\(mark) \(name)\(gap)\(text)")
    }

    private static func seconds(_ delay: Duration) -> String {
        let milliseconds = delay / .milliseconds(1)
        return milliseconds < 1000 ? "\(Int(milliseconds)) ms" : "\((milliseconds / 100).rounded() / 10) s"
    }
}

extension ActivationID {
    fileprivate var isElement: Bool { path.last?.index != nil }
}
