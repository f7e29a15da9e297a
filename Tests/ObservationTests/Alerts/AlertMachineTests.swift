import Apus
import ApusTesting
import Testing

@Suite struct AlertMachineTests {
    private func instant(_ seconds: Double) -> Instant {
        Instant(uptime: .seconds(seconds), sinceEpoch: .seconds(1_000_000 + seconds))
    }

    private func rule(
        _ condition: AlertRule.Condition, for patience: Duration = .zero, reminder: Duration? = nil
    ) -> AlertRule {
        AlertRule("r", .init("m"), condition, for: patience, reminder: reminder)
    }

    /// What is told, as the second and the kind, when a value comes each second.
    private func told(_ rule: AlertRule, _ values: [Double?], silent: Range<Int> = 0..<0) -> [String] {
        var machine = AlertMachine(rule)
        return values.enumerated().compactMap { second, value in
            let notice = machine.take(value, at: instant(Double(second)), isSilenced: silent.contains(second))
            return notice.map { "\(second) \($0.kind.rawValue)" }
        }
    }

    @Test func `a threshold fires once it has held for its time, and recovers`() {
        #expect(told(rule(.above(5), for: .seconds(2)), [9, 9, 1, 9, 9, 9, 9, 1, 1]) == ["5 firing", "7 recovered"])
        #expect(told(rule(.below(5)), [9, 5, 4, nil]) == ["2 firing", "3 recovered"])
    }

    @Test func `it is told once, and again where the rule wants it`() {
        let values = [Double?](repeating: 9, count: 10)
        #expect(told(rule(.above(5)), values) == ["0 firing"])
        #expect(
            told(rule(.above(5), reminder: .seconds(4)), values) == ["0 firing", "4 still_firing", "8 still_firing"])
    }

    @Test func `under a silence nothing is said, and what still holds afterwards is`() {
        let rule = rule(.above(5))
        #expect(told(rule, [1, 9, 9, 9, 1], silent: 1..<3) == ["3 firing", "4 recovered"])
        #expect(told(rule, [1, 9, 1, 1, 1], silent: 1..<3) == [])
        #expect(told(rule, [9, 1, 1, 1], silent: 1..<3) == ["0 firing", "3 recovered"], "what was told is ended")
    }

    @Test func `a rate counts growth by second, and a counter that begins anew from 0`() {
        let rate = rule(.rateAbove(2, over: .seconds(3)))
        #expect(told(rate, [0, 1, 2, 3, 4, 5]) == [])
        #expect(told(rate, [0, 5, 6, 7, 8, 9]) == ["1 firing", "4 recovered"])
        #expect(told(rate, [100, 101, 1, 2, 3]) == [], "101 to 1 is a growth of 1")
    }

    @Test func `what is absent or does not change fires`() {
        let absent = rule(.absent(for: .seconds(3)))
        #expect(
            told(absent, [nil, nil, nil, nil, 1, 1, 1, 1, 2]) == ["3 firing", "4 recovered", "7 firing", "8 recovered"])
        #expect(told(absent, [1, 2, 3, 4, 5, 6]) == [])
    }

    @Test func `a deviation is measured against what came before`() {
        let values = (0..<20).map { Double($0 % 2) } + [9, 0, 1]
        let rule = rule(.deviates(by: 3, over: .seconds(100), least: 1))
        #expect(told(rule, values) == ["20 firing", "21 recovered"])
        #expect(told(rule, [Double?](repeating: 1, count: 20) + [1.5]) == [], "less than the least is none")
        #expect(told(rule, [1, 1, 1, 90]) == [], "too little history")
    }

    @Test func `a page's model and the machine say the same in random sequences`() {
        for seed in 0..<2_000 as Range<UInt64> { #expect(AlertCourse(seed: seed).difference == nil, "seed \(seed)") }
    }
}
