import Apus

extension StorageConformance {
    static let scanClauses: [Clause] = scanOrderClauses + boundClauses + limitClauses

    private static let scanOrderClauses: [Clause] = [
        Clause(.scans, "a scan of an empty space finds nothing") { trial in
            try await trial.expectKeys([])
            try await trial.expectKeys([], in: StorageRange.all.descending)
        },
        Clause(.scans, "a scan goes by bytes as unsigned numbers") { trial in
            let bytes: [UInt8] = [0x00, 0x01, 0x2F, 0x61, 0x7F, 0x80, 0xC3, 0xFE, 0xFF]
            for byte in bytes.reversed() { try await trial.commit { $0.put([byte], at: StorageKey(bytes: [byte])) } }
            let found = try await trial.storage.scan(.all, limit: 20).map(\.key.bytes)
            try trial.equal(found, bytes.map { [$0] }, "the keys of the scan")
        },
        Clause(.scans, "a key comes before those that begin with it") { trial in
            try await trial.put(["ab": "1", "a": "2", "abc": "3", "b": "4", "aba": "5"])
            try await trial.expectKeys(["a", "ab", "aba", "abc", "b"])
        },
        Clause(.scans, "parts that are numbers come in the order of the numbers") { trial in
            let numbers = [0, 1, 9, 10, 15, 16, 99, 100, 255, 256, 65_535, 65_536, 1 << 40, Int.max]
            try await trial.commit { batch in
                for number in numbers.reversed() { batch.put([], at: StorageKey("n", number, "x")) }
            }
            let found = try await trial.storage.scan(.below("n".asKey), limit: 20)
            try trial.equal(
                found.map { StorageKey.number($0.key.parts[1]) }, numbers.map { UInt64($0) }, "the numbers scanned")
        },
        Clause(.scans, "the order of writing makes no difference to a scan") { trial in
            var generator = SeededGenerator(seed: 3)
            var keys = (0..<300).map { "k\($0)" }
            for index in keys.indices { keys.swapAt(index, generator.below(keys.count)) }
            for key in keys { try await trial.put([key: key]) }
            try await trial.expectKeys(keys.sorted { $0.asKey < $1.asKey })
        },
        Clause(.scans, "a scan gives the values that were put last") { trial in
            try await trial.put(["a": "1", "b": "2"])
            try await trial.put(["a": "3"])
            let found = try await trial.storage.scan(.all, limit: 10).map { String(decoding: $0.value, as: UTF8.self) }
            try trial.equal(found, ["3", "2"], "the values scanned")
        },
        Clause(.scans, "a descending scan is the same backwards") { trial in
            try await trial.put(["b": "1", "a": "2", "c": "3", "ab": "4"])
            let found = try await trial.storage.scan(.all, limit: 10)
            let backwards = try await trial.storage.scan(StorageRange.all.descending, limit: 10)
            try trial.equal(backwards, found.reversed(), "the entries of the descending scan")
            try await trial.expectKeys(["c", "b", "ab", "a"], in: StorageRange.all.descending)
        },
    ]

    private static let boundClauses: [Clause] = [
        Clause(.scans, "a scan begins with the lower bound and ends before the upper") { trial in
            try await trial.put(["a": "1", "b": "2", "c": "3", "d": "4"])
            try await trial.expectKeys(["b", "c"], in: .from("b", to: "d"))
            try await trial.expectKeys(["c", "b"], in: StorageRange.from("b", to: "d").descending)
        },
        Clause(.scans, "bounds need not be keys that are there") { trial in
            try await trial.put(["a": "1", "c": "3", "e": "5"])
            try await trial.expectKeys(["c"], in: .from("b", to: "d"))
            try await trial.expectKeys(["c"], in: StorageRange.from("b", to: "d").descending)
        },
        Clause(.scans, "a range without an upper bound goes to the last key") { trial in
            try await trial.put(["a": "1", "b": "2"])
            try await trial.commit { $0.put([1], at: StorageKey(bytes: [0xFF, 0xFF, 0xFF])) }
            let found = try await trial.storage.scan(.from("b"), limit: 10).map(\.key.bytes)
            try trial.equal(found, [[0x62], [0xFF, 0xFF, 0xFF]], "the keys of the scan")
            let backwards = try await trial.storage.scan(StorageRange.from("b").descending, limit: 1).map(\.key.bytes)
            try trial.equal(backwards, [[0xFF, 0xFF, 0xFF]], "the first key of the descending scan")
        },
        Clause(.scans, "an empty or inverted range holds nothing") { trial in
            try await trial.put(["a": "1", "b": "2", "c": "3"])
            for range in [StorageRange.from("b", to: "b"), .from("c", to: "a"), .from("x")] {
                try await trial.expectKeys([], in: range)
                try await trial.expectKeys([], in: range.descending)
            }
        },
        Clause(.scans, "below a key is neither the key itself nor one that only begins alike") { trial in
            try await trial.put([
                "run/1": "a", "run/1/a": "b", "run/1/b/c": "c", "run/10": "d", "run/1-": "e", "run/10/a": "f",
            ])
            try await trial.expectKeys(["run/1/a", "run/1/b/c"], in: .below("run/1".asKey))
        },
        Clause(.scans, "prefixes do not reach into each other") { trial in
            for tenant in ["a", "b", "a%2Fb", "ab"] {
                for n in 0..<3 { try await trial.commit { $0.put([1], at: StorageKey(tenant, n)) } }
            }
            try await trial.commit { $0.delete(.below(StorageKey("a"))) }
            for tenant in ["b", "a%2Fb", "ab"] {
                let found = try await trial.storage.scan(.below(StorageKey(tenant)), limit: 10)
                try trial.equal(found.count, 3, "the number of entries below \(tenant) after those below a went")
            }
            try await trial.expectKeys([], in: .below(StorageKey("a")))
        },
        Clause(.scans, "a scan of one key's range finds that key alone") { trial in
            try await trial.put(["a": "1", "a/b": "2", "b": "3"])
            let range = StorageRange(from: "a".asKey, to: StorageKey(bytes: "a".asKey.bytes + [0]))
            try await trial.expectKeys(["a"], in: range)
            try await trial.expectKeys(["a"], in: range.descending)
        },
    ]

    private static let limitClauses: [Clause] = [
        Clause(.scans, "a limit of none finds nothing") { trial in
            try await trial.put(["a": "1"])
            try await trial.expectKeys([], limit: 0)
            try await trial.expectKeys([], in: StorageRange.all.descending, limit: 0)
        },
        Clause(.scans, "a limit of one finds the first in the direction") { trial in
            try await trial.put(["a": "1", "b": "2", "c": "3"])
            try await trial.expectKeys(["a"], limit: 1)
            try await trial.expectKeys(["c"], in: StorageRange.all.descending, limit: 1)
            try await trial.expectKeys(["b"], in: StorageRange.from("a", to: "c").descending, limit: 1)
        },
        Clause(.scans, "a limit lets exactly so many through") { trial in
            try await trial.put(["a": "1", "b": "2", "c": "3", "d": "4"])
            try await trial.expectKeys(["a", "b", "c"], limit: 3)
            try await trial.expectKeys(["a", "b", "c", "d"], limit: 4)
            try await trial.expectKeys(["d", "c", "b"], in: StorageRange.all.descending, limit: 3)
        },
        Clause(.scans, "a limit beyond what is there finds all") { trial in
            try await trial.put(["a": "1", "b": "2"])
            try await trial.expectKeys(["a", "b"], limit: 3)
            try await trial.expectKeys(["a", "b"], limit: .max)
            try await trial.expectKeys(["b", "a"], in: StorageRange.all.descending, limit: .max)
        },
        Clause(.scans, "a scan of five thousand entries finds each, in order") { trial in
            let keys = (0..<5_000).map { StorageKey("n", $0) }
            try await trial.commit { batch in for key in keys.reversed() { batch.put(key.bytes, at: key) } }
            let found = try await trial.storage.scan(.all, limit: 10_000)
            try trial.isTrue(
                found == keys.map { StorageEntry($0, $0.bytes) }, "The scan did not give the 5,000 entries in order.")
        },
    ]
}
