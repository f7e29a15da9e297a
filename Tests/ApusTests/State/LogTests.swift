import Apus
import ApusTesting
import Foundation
import Testing

/// A log is an array that only grows, and whose versions share.
@Suite struct LogTests {
    @Test(arguments: 0..<8 as Range<UInt64>)
    func `a log behaves like an array, and so do its older versions`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var log = Log<Int>()
        var model: [Int] = []
        var versions: [(log: Log<Int>, model: [Int])] = [([], [])]
        for _ in 0..<30 {
            let added = (0..<random.below([3, 40, 200, 1200][random.below(4)])).map { _ in random.below(1000) }
            if random.below(2) == 0 { log += added } else { for element in added { log.append(element) } }
            model += added
            versions.append((log, model))
            if random.below(8) == 0 { (log, model) = versions[random.below(versions.count)] }
        }
        for version in versions {
            #expect(Array(version.log) == version.model)
            #expect(version.log.count == version.model.count)
            let places = (0..<50).map { _ in random.below(max(1, version.model.count)) }
            #expect(places.allSatisfy { version.model.isEmpty || version.log[$0] == version.model[$0] })
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `a log tells what was added since a version that it begins with, and no other`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var versions: [(log: Log<Int>, model: [Int])] = [([], [])]
        for _ in 0..<20 {
            var (log, model) = versions[random.below(versions.count)]
            let added = (0..<random.below([2, 33, 1100][random.below(3)])).map { _ in random.below(2) }
            log += added
            model += added
            versions.append((log, model))
            // The same elements, but nothing shared.
            if random.below(4) == 0 { versions.append((Log(model), model)) }
        }
        for later in versions {
            for earlier in versions {
                let begins = later.model.starts(with: earlier.model)
                let expected = begins ? Array(later.model.dropFirst(earlier.model.count)) : nil
                #expect(later.log.additions(since: earlier.log) == expected)
                #expect((later.log == earlier.log) == (expected == []))
            }
        }
    }

    @Test func `versions that share their elements are compared without looking at them`() {
        let base = Log((0..<100_000).map { Probe(id: $0) })
        var grown = base
        grown.append(Probe(id: -1))
        let (added, comparisons) = Probe.counting { grown.additions(since: base) }
        #expect(added == [Probe(id: -1)])
        #expect(comparisons < 32)
        #expect(Probe.counting { base == Log(base) }.comparisons == 100_000)
    }

    @Test func `a log is encoded as an array`() throws {
        let log = Log(0..<100)
        let data = try JSONEncoder().encode(log)
        #expect(try JSONDecoder().decode([Int].self, from: data) == Array(0..<100))
        #expect(try JSONDecoder().decode(Log<Int>.self, from: data) == log)
    }

    @Test func `a slice of a log has the log's indices`() {
        let log = Log(0..<100)
        #expect(log[40..<45].map { $0 } == [40, 41, 42, 43, 44])
        #expect(log.last == 99)
        #expect(log.reversed().first == 99)
        #expect("\([1, 2] as Log)" == "[1, 2]")
    }
}

/// An element that counts its comparisons, per task.
private struct Probe: Codable, Equatable, Sendable {
    final class Counter: Sendable {
        let count = Guarded(0)
    }

    @TaskLocal static var counter: Counter?

    var id: Int

    static func == (left: Self, right: Self) -> Bool {
        counter?.count.withLock { $0 += 1 }
        return left.id == right.id
    }

    static func counting<Result>(_ body: () -> Result) -> (result: Result, comparisons: Int) {
        let counter = Counter()
        let result = $counter.withValue(counter, operation: body)
        return (result, counter.count.withLock { $0 })
    }
}
