import Apus
import AsideKit
import Testing

@Suite(.aside) struct FeatureFlagTests {
    private let subjects = (0..<10_000).map { "customer-\($0)" }

    @Test func `a larger percentage only adds, and every share is about as large as it says`() {
        let flag = FeatureFlag("new-report")
        var before: Set<String> = []
        for percent in stride(from: 0, through: 100, by: 5) {
            let rule = FeatureRule(percent: Double(percent))
            let now = Set(subjects.filter { flag.isOn(for: $0, under: rule) })
            #expect(now.isSuperset(of: before))
            #expect(abs(now.count - percent * 100) <= 200, "\(percent) %: \(now.count)")
            before = now
        }
        #expect(before.count == subjects.count)
    }

    @Test func `two flags choose apart from each other`() {
        let rule = FeatureRule(percent: 50)
        let both = subjects.filter { subject in
            FeatureFlag("a").isOn(for: subject, under: rule) && FeatureFlag("b").isOn(for: subject, under: rule)
        }
        #expect(abs(both.count - 2_500) <= 200)
    }

    @Test func `names on a list count before the percentage`() {
        let rule = FeatureRule(percent: 0, on: ["x", "y"], off: ["y"])
        #expect(FeatureFlag("a").isOn(for: "x", under: rule))
        #expect(!FeatureFlag("a").isOn(for: "y", under: rule))
    }

    @Test(arguments: [
        ("true", FeatureRule.always), ("off", .never), ("25%", FeatureRule(percent: 25)),
        ("12.5", FeatureRule(percent: 12.5)),
        (#"{"percent": 5, "on": ["x"]}"#, FeatureRule(percent: 5, on: ["x"])),
    ])
    func `a rule is read as people write it`(text: String, rule: FeatureRule) {
        let setting = (try? JSON(parsing: text)) ?? .string(text)
        #expect(FeatureRule(setting: setting) == rule)
    }

    @Test(arguments: ["101%", "-1", "x%", "[]", #"{"on": 5}"#])
    func `what is no rule is refused`(text: String) {
        #expect(FeatureRule(setting: (try? JSON(parsing: text)) ?? .string(text)) == nil)
    }

    /// The values are those of SHA-256, so they are the same on every machine.
    @Test func `who has a feature does not change from one version to the next`() {
        let on = (0..<20).filter { FeatureFlag("pinned").isOn(for: "\($0)", under: FeatureRule(percent: 30)) }
        #expect(on == Self.pinned)
    }

    private static let pinned = [1, 5, 7, 19]

    @Test func `a variant whose weight grows wins keys and loses none`() {
        let split = { (a: Double, b: Double, c: Double) in Split(["a": a, "b": b, "c": c]) }
        var (before, share): (Set<String>, Double) = ([], 0)
        for weight in [0.0, 1, 2, 5, 20, 100] {
            let now = Set(subjects.filter { split(weight, 3, 7).variant(of: "s", for: $0) == "a" })
            share = weight / (weight + 10)
            #expect(now.isSuperset(of: before))
            #expect(abs(Double(now.count) - share * 10_000) <= 200, "\(weight): \(now.count)")
            before = now
        }
    }

    @Test func `a variant that goes gives its keys away, and nobody else moves`() {
        for subject in subjects.prefix(2_000) {
            let three = Split(["a": 1, "b": 1, "c": 1]).variant(of: "s", for: subject)
            let two = Split(["a": 1, "b": 1, "c": 0]).variant(of: "s", for: subject)
            #expect(three == "c" || three == two)
        }
    }
}
