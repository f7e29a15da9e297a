/// The rules by which an overdue request is left alone, reminded of or escalated.
///
/// How late it is decides first; a complaint about health or safety then weighs one step more.
public struct DecisionRules: Sendable {
    /// Less late than this a request is left alone.
    public var grace: Duration = .days(1)
    /// Up to this lateness a reminder is enough; the levels of escalation begin after it.
    public var patience: Duration = .days(7)
    /// Each further such span is one level more.
    public var span: Duration = .days(3)
    public var highestLevel = 3
    /// Complaints that weigh one step more.
    public var urgentComplaints: Set<String> = [
        "Damaged Tree", "Food Poisoning", "Street Sign - Damaged", "Street Sign - Dangling", "Street Sign - Missing",
    ]

    public init() {}

    public func decide(_ overdue: OverdueRequest) -> Decision {
        let request = overdue.request
        if let due = request.due, due < request.created {
            return Decision(request: request, action: .skip, reasons: ["it was due before it was made; mend the date"])
        }
        var (step, reasons) = stepByLateness(overdue.late)
        if step > 0, urgentComplaints.contains(request.complaint) {
            step += 1
            reasons.append("\(request.complaint) is about health or safety, one step more")
        }
        return Decision(request: request, action: action(atStep: step), reasons: reasons)
    }

    /// 0 leaves the request alone, 1 reminds, 2 and more escalate.
    private func stepByLateness(_ late: Duration) -> (Int, [String]) {
        let lateness = "it is \(late.inWords) late"
        if late < grace { return (0, ["\(lateness), within the grace of \(grace.inWords)"]) }
        if late <= patience { return (1, ["\(lateness), no more than \(patience.inWords)"]) }
        let spans = Int(((late - patience).components.seconds - 1) / span.components.seconds)
        return (2 + spans, ["\(lateness), more than \((patience + span * spans).inWords)"])
    }

    private func action(atStep step: Int) -> Decision.Action {
        switch step {
        case 0: .skip
        case 1: .remind
        default: .escalate(level: min(step - 1, highestLevel))
        }
    }
}

extension Duration {
    static func days(_ days: Int) -> Duration { .seconds(days * 24 * 60 * 60) }

    /// Days and hours, rounded down: "4 days 9 hours".
    var inWords: String {
        let (days, hours) = (components.seconds / 3600).quotientAndRemainder(dividingBy: 24)
        let parts = [(days, "day"), (hours, "hour")].filter { $0.0 > 0 }.map {
            "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")"
        }
        return parts.isEmpty ? "less than an hour" : parts.joined(separator: " ")
    }
}
