/// When somebody should be told about a metric.
public struct AlertRule: Sendable, Hashable, Codable {
    public enum Severity: String, Sendable, Hashable, Codable, CaseIterable { case info, warning, critical }

    /// What is looked at: the sum of a metric's series whose labels have these values; of a histogram how many values it has.
    public struct Selector: Sendable, Hashable, Codable {
        public var metric: String
        public var labels: [String: String]
        /// Takes a quantile of a histogram instead of its count.
        public var quantile: Double?

        public init(_ metric: String, where labels: [String: String] = [:], quantile: Double? = nil) {
            self.metric = metric
            self.labels = labels
            self.quantile = quantile
        }
    }

    public enum Condition: Sendable, Hashable, Codable {
        case above(Double)
        case below(Double)
        /// It grew by more than so much a second over the window. A counter that begins anew counts from 0.
        case rateAbove(Double, over: Duration)
        /// It is not there, or has not changed for so long.
        case absent(for: Duration)
        /// It is further from the mean of its values in the window than so many standard deviations, and by at least `least`. It takes
        /// ten values before it says anything.
        case deviates(by: Double, over: Duration, least: Double)
    }

    /// Tells rules apart.
    public var name: String
    public var selector: Selector
    public var condition: Condition
    /// How long the condition has to hold without a break.
    public var patience: Duration
    public var severity: Severity
    /// How long after a notice nothing more is said while it still holds; `nil` is until it is over.
    public var reminder: Duration?
    /// For a person: what it means and what to do.
    public var summary: String

    public init(
        _ name: String, _ selector: Selector, _ condition: Condition, for patience: Duration = .zero,
        severity: Severity = .warning, reminder: Duration? = nil, summary: String = ""
    ) {
        self.name = name
        self.selector = selector
        self.condition = condition
        self.patience = patience
        self.severity = severity
        self.reminder = reminder
        self.summary = summary
    }
}

/// What somebody is told about a rule.
public struct AlertNotice: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable { case firing, stillFiring = "still_firing", recovered }

    public var rule: String
    public var kind: Kind
    public var severity: AlertRule.Severity
    public var summary: String
    /// What the condition was compared with last; `nil` where there was nothing.
    public var value: Double?
    /// When the condition began to hold.
    public var since: WallTime
    public var time: WallTime
}

/// A span of time in which nobody is told, such as that of planned work.
public struct AlertSilence: Sendable, Hashable, Codable {
    /// The rules it holds for; all if there are none.
    public var rules: Set<String>
    public var from: WallTime
    public var to: WallTime

    public init(_ rules: Set<String> = [], from: WallTime, to: WallTime) {
        self.rules = rules
        self.from = from
        self.to = to
    }

    func covers(_ rule: String, at time: WallTime) -> Bool {
        (rules.isEmpty || rules.contains(rule)) && from <= time && time < to
    }
}
