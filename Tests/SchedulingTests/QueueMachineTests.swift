@testable import Apus
import ApusTesting
import AsideKit
import Foundation
import Testing

@Suite(.aside) struct QueueMachineTests {
    /// Plays a random course of a queue and returns what the referee has to say.
    static func play(seed: UInt64, steps: Int = 120) -> [String] {
        var generator = SeededGenerator(seed: seed)
        var limits = QueueLimits(concurrency: 1 + generator.below(6))
        if generator.below(2) == 0 { limits.concurrencyPerKey = 1 + generator.below(3) }
        if generator.below(3) == 0 { limits.starts.append(.perKey(1 + generator.below(3), per: .seconds(5))) }
        if generator.below(3) == 0 { limits.starts.append(.inAll(1 + generator.below(5), per: .seconds(7))) }
        var machine = QueueMachine(limits)
        var referee = QueueReferee(limits)
        var now = WallTime(milliseconds: 1_000_000)
        var number = 0
        for _ in 0..<steps {
            switch generator.below(10) {
            case 0..<4:
                number += 1
                var work = work(number, now, &generator)
                machine.add(work, at: now)
                work.number = machine.waiting[work.id]?.number ?? 0
                referee.added(work)
            case 4..<6:
                if let run = referee.runs.randomElement(using: &generator) {
                    machine.ended(run)
                    referee.ended(run)
                }
            case 6:
                if let run = referee.waitingRuns.randomElement(using: &generator), generator.below(3) == 0 {
                    machine.remove(run)
                    referee.removed(run)
                }
            case 7: machine.forget(at: now)
            default: now = now.advanced(by: .milliseconds(generator.below(3_000)))
            }
            while true {
                let decision = machine.next(at: now)
                referee.decided(decision, at: now, wake: decision == nil ? machine.wake(after: now) : nil)
                if decision == nil || !referee.complaints.isEmpty { break }
            }
            if !referee.complaints.isEmpty { break }
        }
        return referee.complaints
    }

    private static func work(_ number: Int, _ now: WallTime, _ generator: inout SeededGenerator) -> QueuedWork {
        let priority = generator.below(3)
        let delay = generator.below(4) == 0 ? generator.below(6_000) : nil
        let expiry = generator.below(5) == 0 ? 1 + generator.below(9_000) : nil
        return QueuedWork(
            RunID("w\(number)"), graph: "g", key: ["a", "b", "c", "d"][generator.below(4)], priority: priority,
            enqueued: now, notBefore: delay.map { now.advanced(by: .milliseconds($0)) },
            expires: expiry.map { now.advanced(by: .milliseconds($0)) }
        ).ranked(by: AgeingStrategy(step: .seconds(2), weights: ["a": 4, "b": 0.5]))
    }

    @Test func `every decision is one that a referee with plain lists would allow`() {
        let isFull = ProcessInfo.processInfo.environment["APUS_SIMULATE"] == "full"
        for seed in 0..<(isFull ? 1_000_000 : 1_500) as Range<UInt64> {
            let complaints = Self.play(seed: seed)
            #expect(complaints.isEmpty, "seed \(seed): \(complaints)")
            if !complaints.isEmpty { return }
        }
    }

    #if DEBUG
        @Test(arguments: [
            PlantedBug.sharesNotCounted, .sleepersSaveShares, .keyLimitForgotten, .expiredStarts,
        ])
        func `a planted bug is found`(_ bug: PlantedBug) {
            let seed = PlantedBug.$current.withValue(bug) {
                (0..<3_000).first { !Self.play(seed: $0).isEmpty }
            }
            #expect(seed != nil, "\(bug)")
        }
    #endif

    @Test func `keys with a hundred times as much to do get no more than others`() {
        var machine = QueueMachine(QueueLimits(concurrency: 50))
        let now = WallTime(milliseconds: 0)
        var number = 0
        for key in 0..<100 {
            // Half of the keys have a hundred times as much as the other half, all have enough for a while.
            for _ in 0..<(key < 50 ? 2_000 : 20) {
                number += 1
                machine.add(QueuedWork(RunID("\(number)"), graph: "g", key: "\(key)", enqueued: now), at: now)
            }
        }
        var served: [String: Int] = [:]
        var running: [RunID] = []
        for _ in 0..<1_950 {
            while case .start(let work) = machine.next(at: now) {
                served[work.key, default: 0] += 1
                running.append(work.id)
            }
            machine.ended(running.removeFirst())
        }
        let counts = served.values.sorted()
        #expect(served.count == 100)
        #expect(Double(counts[99] - counts[0]) <= 0.1 * Double(counts[0]), "\(counts[0]) to \(counts[99])")
    }

    @Test func `weights give a key its share`() {
        var machine = QueueMachine(QueueLimits(concurrency: 1))
        let strategy = AgeingStrategy(weights: ["gold": 3])
        let now = WallTime(milliseconds: 0)
        for number in 0..<400 {
            for key in ["gold", "tin"] {
                let work = QueuedWork(RunID("\(key)\(number)"), graph: "g", key: key, enqueued: now)
                machine.add(work.ranked(by: strategy), at: now)
            }
        }
        var gold = 0
        for _ in 0..<400 {
            guard case .start(let work) = machine.next(at: now) else { break }
            if work.key == "gold" { gold += 1 }
            machine.ended(work.id)
        }
        #expect((295...305).contains(gold))
    }

    @Test func `work of the lowest priority is overtaken only by what comes within its ageing`() {
        let strategy = AgeingStrategy(step: .seconds(10))
        var machine = QueueMachine(QueueLimits(concurrency: 1))
        var now = WallTime(milliseconds: 0)
        let low = QueuedWork(RunID("low"), graph: "g", priority: 0, enqueued: now).ranked(by: strategy)
        machine.add(low, at: now)
        var overtakers = 0
        for number in 0..<1_000 {
            let high = QueuedWork(RunID("h\(number)"), graph: "g", priority: 5, enqueued: now).ranked(by: strategy)
            machine.add(high, at: now)
            guard case .start(let work) = machine.next(at: now) else { break }
            if work.id == low.id { break }
            overtakers += 1
            machine.ended(work.id)
            now = now.advanced(by: .seconds(1))
        }
        // Five priorities of ten seconds each, one a second.
        #expect(overtakers == 50)
    }
}
