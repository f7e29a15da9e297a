import Apus
import ApusTesting
import AsideKit
import Testing

/// The memory storage keeps its rows in chunks; here it is compared with a sorted array.
@Suite(.aside) struct SortedRowsTests {
    @Test(arguments: 0..<8 as Range<UInt64>)
    func `rows stay in order whatever is put and deleted`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let storage = MemoryStorage()
        var expected: [StorageKey: [UInt8]] = [:]
        for round in 0..<60 {
            var batch = StorageBatch()
            for _ in 0..<(1 + generator.below(120)) {
                let key = StorageKey("k", generator.below(3_000))
                if generator.below(4) == 0 {
                    batch.delete(key)
                    expected[key] = nil
                } else {
                    let value = [UInt8(round), UInt8(generator.below(256))]
                    batch.put(value, at: key)
                    expected[key] = value
                }
            }
            if generator.below(6) == 0 {
                let lower = generator.below(3_000)
                let range = StorageRange(
                    from: StorageKey("k", lower), to: StorageKey("k", lower + generator.below(900)))
                batch.delete(range)
                expected = expected.filter { !range.contains($0.key) }
            }
            try await storage.commit(batch)
            guard round % 6 == 5 else { continue }
            let all = try await storage.scan(.all, limit: .max)
            #expect(all == expected.sorted { $0.key < $1.key }.map { StorageEntry($0.key, $0.value) }, "seed \(seed)")
            #expect(storage.count == expected.count, "seed \(seed)")
            try await lookAround(storage, expected, &generator)
        }
    }

    private func lookAround(
        _ storage: MemoryStorage, _ expected: [StorageKey: [UInt8]], _ generator: inout SeededGenerator
    ) async throws {
        let keys = (0..<20).map { _ in StorageKey("k", generator.below(3_000)) }
        #expect(try await storage.read(keys).map { $0?.value } == keys.map { expected[$0] })
        let (lower, upper) = (generator.below(3_000), generator.below(3_000))
        var range = StorageRange(from: StorageKey("k", lower), to: StorageKey("k", upper))
        let inside = expected.keys.filter(range.contains).sorted()
        let limit = generator.below(50)
        #expect(try await storage.scan(range, limit: limit).map(\.key) == Array(inside.prefix(limit)))
        range = range.descending
        #expect(try await storage.scan(range, limit: limit).map(\.key) == Array(inside.reversed().prefix(limit)))
    }

    @Test(arguments: [1, 511, 512, 513, 1_024, 2_000])
    func `a space of any size can be filled upwards and downwards and emptied`(_ count: Int) async throws {
        for isDescending in [false, true] {
            let storage = MemoryStorage()
            let keys = (0..<count).map { StorageKey("k", $0) }
            for key in isDescending ? keys.reversed() : keys { try await storage.put([1], at: key) }
            #expect(try await storage.scan(.all, limit: .max).map(\.key) == keys)
            try await storage.delete(StorageRange(from: keys[count / 3], to: keys[count - 1]))
            #expect(storage.count == count / 3 + 1)
            for key in keys { try await storage.delete(key) }
            #expect(storage.count == 0)
            #expect(try await storage.scan(.all, limit: .max) == [])
        }
    }
}
