import Apus

/// What a person is told of while nobody looks.
enum FieldAlerts {
    static let rules = [
        AlertRule(
            "webhook down", .init("field_circuit_open"), .above(0), for: .seconds(900), severity: .critical,
            summary: "The webhook has not been called for a quarter of an hour. Ask whoever runs it."),
        AlertRule(
            "degraded", .init("field_degradation_level"), .above(0), for: .seconds(3_600),
            summary: "Notices are kept as drafts. They go out by themselves when the level falls."),
        AlertRule(
            "no hour", .init("apus_runs_started", where: ["graph": "hour"]), .absent(for: .seconds(5_400)),
            severity: .critical, summary: "No hour was replayed. Look at the trigger of that name."),
    ]
}

extension FieldDesk {
    /// Shows what the rules look at that the engine's own metrics do not.
    func showGauges() {
        metrics.gauge("field_circuit_open", "1 while the circuit to the webhook is not closed.") { [breaker] in
            breaker.state == .closed ? 0 : 1
        }
        metrics.gauge("field_degradation_level", "0 is normal, 4 is maintenance.") { [degradation] in
            Double(degradation.level.rawValue)
        }
    }
}
