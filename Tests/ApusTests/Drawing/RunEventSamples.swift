import Apus

extension Instant {
    static func after(_ seconds: Double) -> Instant { Instant(uptime: .seconds(100 + seconds), sinceEpoch: .zero) }
}

extension ActivationID {
    static func of(_ node: String, _ iterations: [Int] = [], at index: Int? = nil) -> ActivationID {
        ActivationID([Component(node: node, iterations: iterations, index: index)])
    }

    func then(_ node: String) -> ActivationID { ActivationID(path + [Component(node: node)]) }
}

extension RunEvent {
    /// Events at seconds after the start of a run.
    static func sequence(_ rows: [(Double, Kind)]) -> [RunEvent] {
        rows.enumerated().map {
            RunEvent(sequence: UInt64($0.offset), instant: .after($0.element.0), kind: $0.element.1)
        }
    }

    /// A run of `GraphOutline.overdue`: one retry, two elements of which one fails, one node skipped.
    static let sample = sequence([
        (0, .runStarted(graph: "overdue-orders")),
        (0, .started(.of("fetch"), attempt: 1)),
        (1, .retrying(.of("fetch"), attempt: 1, error: "busy", delay: .seconds(2))),
        (3, .started(.of("fetch"), attempt: 2)),
        (3.5, .completed(.of("fetch"))),
        (3.5, .skipped(.of("mend"))),
        (3.5, .started(.of("decide"), attempt: 1)),
        (3.5, .started(.of("decide", at: 0), attempt: 1)),
        (3.5, .started(.of("decide", at: 1), attempt: 1)),
        (4, .progress(.of("decide", at: 1), "half")),
        (5.5, .completed(.of("decide", at: 0))),
        (6, .failed(.of("decide", at: 1), error: "no such order")),
        (6.5, .completed(.of("decide"))),
        (6.5, .started(.of("record"), attempt: 1)),
    ])
}

extension RunOverlay {
    static let sample = RunOverlay(events: RunEvent.sample)
}
