import Apus
import ApusTesting
import AsideKit
import Foundation
import Testing

@Suite(.aside) struct DegradationMachineTests {
    private static let isFull = ProcessInfo.processInfo.environment["APUS_SIMULATE"] == "full"
    private static let count: UInt64 = isFull ? 250_000 : 400

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `random sequences take the machine where a model of a page goes`(part: UInt64) {
        for seed in part * Self.count..<(part + 1) * Self.count {
            if let complaint = Self.complaint(seed) {
                Issue.record("seed \(seed): \(complaint)")
                return
            }
        }
    }

    #if DEBUG
        @Test(arguments: PlantedBug.ofDegradation)
        func `a sequence finds a planted bug first at the seed that its page names`(_ bug: PlantedBug) throws {
            let first = (0..<10_000 as Range<UInt64>).first { seed in
                PlantedBug.$current.withValue(bug) { Self.complaint(seed) != nil }
            }
            let found = first.map(String.init) ?? "none"
            #expect(first == (try BugPage.seed(of: bug)), "\(bug) is found first at \(found)")
        }
    #endif

    /// What goes wrong in one sequence; `nil` if nothing does.
    private static func complaint(_ seed: UInt64) -> String? {
        var generator = SeededGenerator(seed: SeededGenerator.mix(seed))
        let policy = policy(&generator)
        var machine = DegradationMachine(policy)
        var model = DegradationModel(policy)
        var now = Duration.seconds(generator.below(100))
        var trouble = 0
        for step in 0..<60 {
            if generator.below(8) == 0 { trouble = generator.below(101) }
            now += .milliseconds(generator.below(4) == 0 ? generator.below(20_000) : generator.below(300))
            let input = input(&generator, trouble)
            let before = machine.level
            let events = machine.take(input, at: now)
            let path = model.take(input, at: now)
            let found = events.compactMap(\.level)
            if found.map(\.rawValue) != path || machine.level.rawValue != model.level {
                return "step \(step), \(input) at \(now): \(before) → \(found), the model went to \(path)"
            }
            if machine.wanted?.rawValue != model.wanted {
                return
                    "step \(step), \(input): \(String(describing: machine.wanted)) wanted, not \(String(describing: model.wanted))"
            }
        }
        return nil
    }

    private static func policy(_ generator: inout SeededGenerator) -> DegradationPolicy {
        var policy = DegradationPolicy()
        policy.window = .seconds(6 + generator.below(3) * 6)
        policy.minimumCalls = 1 + generator.below(6)
        policy.dwell = .seconds(1 + generator.below(10))
        policy.hysteresis = Double(generator.below(5)) / 10
        policy.errorRate = [.reduced: 0.1, .limited: 0.3, .critical: 0.6, .maintenance: 0.9]
        if generator.below(2) == 0 { policy.latency = [.reduced: .milliseconds(200), .critical: .milliseconds(900)] }
        policy.resources = ["memory": [.limited: 70, .critical: 90]]
        policy.dependencies = ["bank": .limited, "storage": .maintenance]
        if generator.below(3) == 0 { policy.confirmation = .after(.seconds(generator.below(8))) }
        return policy
    }

    private static func input(_ generator: inout SeededGenerator, _ trouble: Int) -> DegradationInput {
        switch generator.below(20) {
        case 0: .dependency("bank", generator.below(2) == 0)
        case 1: .dependency("storage", generator.below(3) > 0)
        case 2, 3: .reading("memory", Double(generator.below(101)))
        case 4: .confirm
        case 5: generator.below(2) == 0 ? .decline : .order(generator.below(2) == 0 ? nil : generator.below(5))
        case 6, 7: .tick
        default:
            .call(generator.below(101) >= trouble, .microseconds(1 << generator.below(21) + generator.below(1_000)))
        }
    }

    @Test func `the level falls step by step, each after its dwell, and never while something asks for it`() {
        var policy = DegradationPolicy()
        policy.dependencies = ["bank": .limited]
        policy.dwell = .seconds(30)
        var machine = DegradationMachine(policy)
        _ = machine.dependency("bank", isUp: false, at: .seconds(1))
        #expect(machine.level == .limited)
        _ = machine.tick(at: .seconds(1_000))
        #expect(machine.level == .limited)
        _ = machine.dependency("bank", isUp: true, at: .seconds(1_000))
        _ = machine.tick(at: .seconds(1_029))
        #expect(machine.level == .limited)
        let events = machine.tick(at: .seconds(1_030))
        #expect(events == [.changed(from: .limited, to: .reduced, reason: "all was well for 30.0 seconds")])
        #expect(machine.next(after: .seconds(1_030)) == .seconds(1_035))
        _ = machine.tick(at: .seconds(1_059))
        #expect(machine.level == .reduced)
        _ = machine.tick(at: .seconds(1_060))
        #expect(machine.level == .normal)
        #expect(machine.next(after: .seconds(1_060)) == nil)
    }

    @Test func `a critical level waits at limited until somebody confirms it`() {
        var policy = DegradationPolicy()
        policy.dependencies = ["storage": .maintenance]
        var machine = DegradationMachine(policy)
        let events = machine.dependency("storage", isUp: false, at: .zero)
        #expect(
            events == [
                .changed(from: .normal, to: .limited, reason: "storage is down"),
                .needsConfirmation(.maintenance, reason: "storage is down"),
            ])
        #expect(machine.level == .limited && machine.wanted == .maintenance)
        #expect(machine.confirm("confirmed by Ada", at: .seconds(1)).first?.level == .maintenance)
        #expect(machine.level == .maintenance)
    }
}

extension DegradationEvent {
    /// The level that was gone to, if one was.
    fileprivate var level: DegradationLevel? {
        if case .changed(_, let level, _) = self { return level }
        return nil
    }
}

extension DegradationMachine {
    fileprivate mutating func take(_ input: DegradationInput, at now: Duration) -> [DegradationEvent] {
        switch input {
        case .tick: tick(at: now)
        case .call(let succeeded, let took): called(succeeded: succeeded, took: took, at: now)
        case .reading(let name, let value): read(name, value, at: now)
        case .dependency(let name, let isUp): dependency(name, isUp: isUp, at: now)
        case .confirm: confirm("confirmed", at: now)
        case .decline: decline(at: now)
        case .order(let level): order(level.flatMap { DegradationLevel(rawValue: $0) }, "ordered", at: now)
        }
    }
}
