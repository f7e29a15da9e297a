import Apus
import ApusTesting
import AsideKit
import Testing

@Suite(.aside) struct TriggerMachineTests {
    private let schedule = Schedule.every(.seconds(10))

    private func at(_ seconds: Int64) -> WallTime { WallTime(milliseconds: seconds * 1_000) }

    private func machine(_ policy: TriggerPolicy, since seconds: Int64 = 0) -> TriggerMachine {
        TriggerMachine("m", policy, TriggerState(since: at(seconds), schedule: schedule.description))
    }

    /// The moments whose runs start at `seconds`, one turn after the other, each run ending at once.
    private func starts(_ machine: inout TriggerMachine, at seconds: Int64, ending: Bool = true) -> [Int64] {
        var found: [Int64] = []
        while true {
            machine.elapsed(schedule, at: at(seconds))
            guard let start = machine.turn(at: at(seconds), schedule).start else { return found }
            found.append(start.firing.due.milliseconds / 1_000)
            if ending { machine.ended(start.run) }
        }
    }

    @Test(arguments: [
        (TriggerPolicy.Misfire.skip, [Int64]()), (.runOnce, [930]), (.runAll(upTo: 3), [910, 920, 930]),
        (.runAll(upTo: 1_000), (1...93).map { $0 * 10 }),
    ])
    func `what was missed is made good as far as the policy says`(misfire: TriggerPolicy.Misfire, late: [Int64]) {
        var machine = machine(TriggerPolicy(misfire: misfire))
        // What is late by no more than the tolerance of a minute is not missed.
        #expect(starts(&machine, at: 1_000) == late + [940, 950, 960, 970, 980, 990, 1_000])
        #expect(machine.state.losses["missed"] ?? 0 == 93 - late.count)
        #expect(machine.state.started + (machine.state.losses["missed"] ?? 0) == 100)
    }

    #if DEBUG
        @Test func `one missed firing too many is noticed`() {
            let late = PlantedBug.$current.withValue(.misfireBoundOff) {
                var machine = machine(TriggerPolicy(misfire: .runAll(upTo: 3)))
                return starts(&machine, at: 1_000).count
            }
            #expect(late == 3 + 1 + 7)
        }
    #endif

    @Test func `one run for all says how many it stands for`() {
        var machine = machine(TriggerPolicy(misfire: .runOnce))
        machine.elapsed(schedule, at: at(1_000))
        #expect(machine.turn(at: at(1_000)).start?.firing.missed == 92)
    }

    @Test func `a year of seconds that was missed is decided at once`() {
        let schedule = Schedule.every(.seconds(1))
        var machine = TriggerMachine("m", TriggerPolicy(), TriggerState(since: at(0), schedule: ""))
        machine.elapsed(schedule, at: at(31_536_000))
        #expect(machine.state.losses["missed"] ?? 0 > 10_000)
        #expect(machine.turn(at: at(31_536_000)).start?.firing.due == at(31_536_000 - 61))
    }

    @Test func `while a run is under way others are skipped, or queued up to the bound`() {
        var skipping = machine(TriggerPolicy(overlap: .skip))
        #expect(starts(&skipping, at: 40, ending: false) == [10])
        #expect(skipping.state.losses == ["overlap": 3])
        var queueing = machine(TriggerPolicy(overlap: .queue(upTo: 2)))
        #expect(starts(&queueing, at: 40, ending: false) == [10])
        #expect(queueing.state.losses == ["full": 1])
        queueing.ended(TriggerMachine.run(of: "10000", of: "m"))
        #expect(starts(&queueing, at: 41) == [20, 30])
    }

    @Test func `the older run is cancelled once, and only the newest follows it`() {
        var machine = machine(TriggerPolicy(overlap: .cancelOlder))
        #expect(starts(&machine, at: 10, ending: false) == [10])
        machine.elapsed(schedule, at: at(20))
        let older = TriggerMachine.run(of: "10000", of: "m")
        #expect(machine.turn(at: at(20)).cancel == older)
        machine.elapsed(schedule, at: at(30))
        #expect(machine.turn(at: at(30)).cancel == nil)
        #expect(machine.state.losses == ["replaced": 1])
        machine.ended(older)
        #expect(machine.turn(at: at(31)).start?.firing.due == at(30))
    }

    @Test func `a delay is below the jitter, the same for all hosts, and waited for`() {
        let policy = TriggerPolicy(jitter: .seconds(60))
        let delays = (0..<200).map { policy.delay(of: "\($0)", of: "m") }
        #expect(delays.allSatisfy { $0 >= .zero && $0 < .seconds(60) })
        #expect(Set(delays).count > 190)
        #expect(delays == (0..<200).map { policy.delay(of: "\($0)", of: "m") })
        var machine = machine(policy)
        machine.elapsed(schedule, at: at(10))
        let from = at(10).advanced(by: policy.delay(of: "10000", of: "m"))
        #expect(machine.turn(at: WallTime(milliseconds: from.milliseconds - 1)).start == nil)
        #expect(machine.turn(at: from).start?.firing.due == at(10))
    }

    @Test func `a pause holds schedules back and drops what can't be told again`() {
        var machine = machine(TriggerPolicy(misfire: .skip))
        machine.pause()
        #expect(starts(&machine, at: 500).isEmpty)
        machine.arrived(Firing("once", due: at(500)), at: at(500))
        #expect(machine.turn(at: at(500)).decided.map(\.outcome) == [.dropped(FiringLoss(.paused))])
        machine.resume()
        #expect(starts(&machine, at: 500) == [440, 450, 460, 470, 480, 490, 500])
        #expect(machine.state.losses["missed"] == 43)
    }

    @Test func `a past range is run in its order, so many at once`() {
        var machine = machine(TriggerPolicy(overlap: .skip), since: 1_000)
        machine.fill(at(100)..<at(140), atOnce: 2)
        var runs: [RunID] = []
        while let start = machine.turn(at: at(1_001), schedule).start { runs.append(start.run) }
        #expect(runs.map(\.value) == ["m@100000", "m@110000"])
        machine.ended(runs[0])
        #expect(machine.turn(at: at(1_002), schedule).start?.run.value == "m@120000")
        machine.ended(runs[1])
        #expect(machine.turn(at: at(1_002), schedule).start?.run.value == "m@130000")
        #expect(machine.turn(at: at(1_002), schedule).start == nil)
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `what is stored stays small whatever comes`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let overlaps: [TriggerPolicy.Overlap] = [.allow, .skip, .queue(upTo: 5), .cancelOlder]
        var policy = TriggerPolicy(misfire: .runAll(upTo: 1_000), overlap: overlaps[generator.below(4)])
        policy.waiting = 20
        var machine = machine(policy)
        var now = at(0)
        for number in 0..<2_000 {
            now = now.advanced(by: .milliseconds(generator.below(30_000)))
            machine.arrived(Firing("f\(number)", due: now), at: now)
            machine.elapsed(schedule, at: now)
            let turn = machine.turn(at: now, schedule)
            if let run = turn.start?.run, generator.below(3) == 0 { machine.ended(run) }
            #expect(machine.state.waiting.count <= 20 && machine.state.active.count <= 1)
        }
        #expect(try JSON(encoding: machine.state).description.utf8.count < 16_000, "seed \(seed)")
    }
}
