import ApusTesting
import Testing

@testable import Apus

/// Who is woken when, and which alarms are set, in virtual time: alarms ring late, early, in any order.
@Suite struct SleepLineTests {
    private typealias Line = SleepLine<Int>

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `everyone is woken once, by an alarm or by cancellation, in order and never early`(seed: UInt64) {
        var night = Night(seed: seed)
        for _ in 0..<400 { night.act() }
        while !night.alarms.isEmpty { night.ring() }
        #expect(night.problems == [], "seed \(seed)")
        #expect(night.asleep.isEmpty, "seed \(seed): \(night.asleep) sleep for ever")
    }

    @Test func `who was cancelled before never lies down`() {
        var line = Line()
        let sleeper = Line.Sleeper()
        #expect(line.cancel(sleeper) == nil)
        guard case .cancelled = line.add(sleeper, until: .seconds(1), 1) else {
            Issue.record("it sleeps")
            return
        }
        #expect(line.bedCount == 0)
    }

    @Test func `a nap beside one who sleeps long leaves the far alarm alone`() {
        var line = Line()
        var set = alarm(of: line.add(Line.Sleeper(), until: .seconds(3_600), -1)) == nil ? 0 : 1
        for nap in 0..<1_000 {
            guard let alarm = alarm(of: line.add(Line.Sleeper(), until: .milliseconds(nap), nap)) else {
                Issue.record("nobody looks after nap \(nap)")
                return
            }
            set += 1
            var woken: [Int] = []
            #expect(line.ring(alarm, at: .milliseconds(nap), into: &woken) == nil)
            #expect(woken == [nap])
        }
        #expect(set == 1_001)
    }

    @Test func `one alarm after the other serves those who lie down in the order of their deadlines`() {
        var line = Line()
        let alarms = (0..<1_000).compactMap { alarm(of: line.add(Line.Sleeper(), until: .milliseconds($0), $0)) }
        #expect(alarms == [.zero])
        var woken: [Int] = []
        var next: Duration? = .zero
        for time in 0..<1_000 { next = next.flatMap { line.ring($0, at: .milliseconds(time), into: &woken) } }
        #expect(woken == Array(0..<1_000))
        #expect(next == nil)
    }

    @Test func `of 100,000 who are cancelled few entries are left`() {
        var line = Line()
        let sleepers = (0..<100_000).map { _ in Line.Sleeper() }
        for (index, sleeper) in sleepers.enumerated() {
            _ = line.add(sleeper, until: .seconds(index * 7_919 % 100_000), index)
        }
        for sleeper in sleepers.dropFirst() { #expect(line.cancel(sleeper) != nil) }
        #expect(line.bedCount < 70)
        var woken: [Int] = []
        #expect(line.ring(.zero, at: .seconds(200_000), into: &woken) == nil)
        #expect(woken == [0])
    }

    private func alarm(of addition: Line.Addition) -> Duration? {
        guard case .asleep(let alarm) = addition else { return nil }
        return alarm
    }
}

/// A line and, beside it, what must be true of it.
private struct Night {
    private(set) var asleep: [Int: Duration] = [:]
    /// The alarms that are set and have not rung.
    private(set) var alarms: [Duration] = []
    private(set) var problems: [String] = []
    private var line = SleepLine<Int>()
    private var sleepers: [SleepLine<Int>.Sleeper] = []
    private var now = Duration.zero
    private var chance: SeededGenerator

    init(seed: UInt64) { chance = SeededGenerator(seed: seed) }

    mutating func act() {
        switch Int.random(in: 0..<10, using: &chance) {
        case 0..<5: add()
        case 5..<8: cancel()
        default: ring()
        }
        for (sleeper, deadline) in asleep where !alarms.contains(where: { $0 <= deadline }) {
            problems.append("nobody looks after \(sleeper)")
        }
    }

    private mutating func add() {
        let deadline = now + .milliseconds(Int.random(in: -5..<200, using: &chance))
        sleepers.append(SleepLine.Sleeper())
        if Int.random(in: 0..<20, using: &chance) == 0, line.cancel(sleepers[sleepers.count - 1]) != nil {
            problems.append("\(sleepers.count - 1) is woken before it sleeps")
        }
        switch line.add(sleepers[sleepers.count - 1], until: deadline, sleepers.count - 1) {
        case .cancelled: break
        case .asleep(let alarm):
            asleep[sleepers.count - 1] = deadline
            if let alarm { alarms.append(alarm) }
        }
    }

    private mutating func cancel() {
        guard let sleeper = sleepers.indices.randomElement(using: &chance) else { return }
        let woken = line.cancel(sleepers[sleeper])
        if (woken == sleeper) != (asleep.removeValue(forKey: sleeper) != nil) {
            problems.append("the cancellation of \(sleeper) woke \(String(describing: woken))")
        }
    }

    /// Rings any of the alarms: at its time, late, or early, as one does whose sleep was cut into pieces.
    mutating func ring() {
        guard let place = alarms.indices.randomElement(using: &chance) else { return }
        let alarm = alarms.remove(at: place)
        if Int.random(in: 0..<4, using: &chance) > 0 { now = max(now, alarm) }
        now += .milliseconds(Int.random(in: 0..<3, using: &chance))
        var woken: [Int] = []
        let next = line.ring(alarm, at: now, into: &woken)
        if let next { alarms.append(next) }
        let deadlines = woken.map { asleep.removeValue(forKey: $0) ?? .seconds(1_000_000) }
        if deadlines.contains(where: { $0 > now }) { problems.append("\(woken) were early or not asleep") }
        if deadlines != deadlines.sorted() { problems.append("\(woken) were woken out of order") }
        if asleep.values.contains(where: { $0 <= now }) { problems.append("somebody sleeps on at \(now)") }
    }
}
