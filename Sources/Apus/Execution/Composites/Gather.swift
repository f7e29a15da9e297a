/// Decides about the bodies of a composite: which starts next, and when enough have ended.
struct Gather: Sendable {
    /// How the composite ended.
    enum Verdict: Sendable, Equatable {
        case goesOn
        case enough
        /// So many failed that it can no longer succeed.
        case failed
    }

    /// How many bodies there are; `nil` while more may come.
    var count: Int?
    /// How many must succeed; `nil` for all of them.
    let needed: Int?
    /// Failures are results too.
    let collects: Bool
    private(set) var begun = 0
    private(set) var succeeded = 0
    private(set) var failures = 0
    private(set) var verdict = Verdict.goesOn

    /// How many bodies have ended before the verdict.
    var ended: Int { succeeded + failures }

    init(count: Int?, needed: Int?, collects: Bool) {
        self.count = count
        self.needed = needed
        self.collects = collects
        if let needed, needed <= 0 { verdict = .enough }
        if count == 0 { settle() }
    }

    /// The body that starts next, or `nil` when there is none to start.
    mutating func next(beyondVerdict: Bool = false) -> Int? {
        guard verdict == .goesOn || beyondVerdict, count.map({ begun < $0 }) ?? true else { return nil }
        begun += 1
        return begun - 1
    }

    /// A body ended; returns whether that settled the composite.
    mutating func ended(_ success: Bool) -> Bool {
        if success { succeeded += 1 } else { failures += 1 }
        guard verdict == .goesOn else { return false }
        settle()
        return verdict != .goesOn
    }

    /// Enough, whatever has ended so far.
    mutating func complete() -> Bool {
        guard verdict == .goesOn else { return false }
        verdict = .enough
        return true
    }

    private mutating func settle() {
        if let needed {
            if succeeded >= needed { verdict = .enough }
            if let count, verdict == .goesOn, count - failures < needed { verdict = .failed }
        } else if failures > 0, !collects {
            verdict = .failed
        } else if let count, succeeded + failures >= count {
            verdict = .enough
        }
    }
}
