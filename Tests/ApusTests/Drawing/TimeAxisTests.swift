import Testing

@testable import Apus

@Suite struct TimeAxisTests {
    @Test(arguments: [
        (Duration.milliseconds(950), ["0", "200 ms", "400 ms", "600 ms", "800 ms"]),
        (.seconds(11), ["0", "2 s", "4 s", "6 s", "8 s", "10 s"]),
        (.seconds(300), ["0", "1 min", "2 min", "3 min", "4 min", "5 min"]),
        (.seconds(5 * 3600), ["0", "1 h", "2 h", "3 h", "4 h", "5 h"]),
        (.microseconds(3), ["0", "500 ns", "1 µs", "1.5 µs", "2 µs", "2.5 µs", "3 µs"]),
        (.zero, ["0"]),
    ])
    func `ticks are round`(_ length: Duration, _ labels: [String]) {
        #expect(TimeAxis(length: length, most: 6).ticks.map(\.label) == labels)
    }

    @Test(arguments: 1...60)
    func `ticks are few, within the axis and never equal`(_ power: Int) {
        let length = Duration.nanoseconds(1) * Int(1 << power)
        let ticks = TimeAxis(length: length, most: 9).ticks
        #expect(ticks.count >= 2 && ticks.count <= 10)
        #expect(Set(ticks.map(\.label)).count == ticks.count)
    }

    @Test(arguments: [
        (Duration.zero, "0 s"), (.nanoseconds(12), "12 ns"), (.microseconds(1500), "1.5 ms"),
        (.milliseconds(999.96), "1 s"),
        (.seconds(1.25), "1.3 s"), (.seconds(31.5), "31.5 s"), (.seconds(59.99), "1 min"), (.seconds(125), "2 min 5 s"),
        (.seconds(3600), "1 h"), (.seconds(90061), "1 d 1 h"), (.seconds(-2), "-2 s"),
    ])
    func `durations read well`(_ duration: Duration, _ text: String) {
        #expect(DurationText.text(duration) == text)
    }
}
