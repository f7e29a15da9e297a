import Apus

extension StorageConformance {
    static let byteClauses: [Clause] = [
        Clause(.bytes, "an empty value is a value, not its absence") { trial in
            try await trial.put(["a": ""])
            try await trial.expect("", at: "a")
            try await trial.expectKeys(["a"])
            try await trial.put(["a": "1"])
            try await trial.put(["a": ""])
            try await trial.expect("", at: "a")
        },
        Clause(.bytes, "a value may hold every byte") { trial in
            let value = (0...255).map(UInt8.init) + [0, 0]
            try await trial.commit { $0.put(value, at: "a".asKey) }
            try await trial.expect(value, at: "a".asKey)
            let scanned = try await trial.storage.scan(.all, limit: 1)
            try trial.equal(scanned.first?.value, value, "the value as scanned")
        },
        Clause(.bytes, "a value of one megabyte comes back whole") { trial in
            var generator = SeededGenerator(seed: 7)
            let block = (0..<1_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            let value = (0..<1_000).flatMap { [UInt8($0 % 251)] + block.dropLast() }
            try await trial.commit {
                $0.put(value, at: "a".asKey)
                $0.put("2", at: "b")
            }
            try trial.isTrue(try await trial.value("a".asKey) == value, "Another value was read than was put.")
            let scanned = try await trial.storage.scan(.all, limit: 2)
            try trial.isTrue(scanned.first?.value == value, "Another value was scanned than was put.")
        },
        Clause(.bytes, "values that look like something else stay as they are") { trial in
            let values = ["null", "0", "1e3", "-0", "true", "\"a\"", "{}", "0x10", " 1 ", "\u{FEFF}", "\r\n"]
            for (index, value) in values.enumerated() { try await trial.put(["k\(index)": value]) }
            for (index, value) in values.enumerated() { try await trial.expect(value, at: "k\(index)") }
        },
        Clause(.bytes, "every byte is a key of its own") { trial in
            let keys = (0...255).map { StorageKey(bytes: [UInt8($0)]) }
            try await trial.commit { batch in for key in keys.reversed() { batch.put(key.bytes, at: key) } }
            let found = try await trial.storage.read(keys)
            try trial.equal(found, keys.map { StorageEntry($0, $0.bytes) }, "the entries at the 256 keys of one byte")
        },
        Clause(.bytes, "keys need not be text") { trial in
            let keys: [[UInt8]] = [[0xC3], [0xC3, 0x28], [0xF0, 0x9F], [0xFF, 0xFE], [0x80]]
            for key in keys { try await trial.commit { $0.put(key, at: StorageKey(bytes: key)) } }
            for key in keys { try await trial.expect(key, at: StorageKey(bytes: key)) }
        },
        Clause(.bytes, "zero bytes count in a key, also at its end") { trial in
            let keys: [[UInt8]] = [[97], [97, 0], [97, 0, 0], [97, 0, 98], [0], [0, 0]]
            for key in keys { try await trial.commit { $0.put(key, at: StorageKey(bytes: key)) } }
            for key in keys { try await trial.expect(key, at: StorageKey(bytes: key)) }
            let scanned = try await trial.storage.scan(.all, limit: 10).map(\.key.bytes)
            try trial.equal(
                scanned, [[0], [0, 0], [97], [97, 0], [97, 0, 0], [97, 0, 98]], "the keys of the scan")
        },
        Clause(.bytes, "the empty key is a key, and the first") { trial in
            let empty = StorageKey(bytes: [])
            try await trial.put(["a": "1"])
            try await trial.expect(nil, at: empty)
            try await trial.commit { $0.put([1], at: empty) }
            try await trial.expect([1], at: empty)
            try await trial.expectKeys(["", "a"])
            try await trial.commit { $0.delete(empty) }
            try await trial.expectKeys(["a"])
        },
        Clause(.bytes, "keys differ by the case of a letter") { trial in
            try await trial.put(["A": "upper", "a": "lower"])
            try await trial.expect("upper", at: "A")
            try await trial.expect("lower", at: "a")
        },
        Clause(.bytes, "keys that only look alike are different") { trial in
            let composed = StorageKey(bytes: [0xC3, 0xA9])
            let decomposed = StorageKey(bytes: [0x65, 0xCC, 0x81])
            try await trial.commit { $0.put([1], at: composed) }
            try await trial.expect(nil, at: decomposed)
            try await trial.commit { $0.put([2], at: decomposed) }
            try await trial.expect([1], at: composed)
        },
        Clause(.bytes, "signs that mean something in a query mean nothing in a key") { trial in
            let keys = [
                "%", "_", "*", "?", "[a-z]", "'", "\"", "'; DROP TABLE entries; --", "\\", "{a}", "$1", " a ", "\n",
            ]
            for key in keys { try await trial.put([key: "of \(key)"]) }
            for key in keys { try await trial.expect("of \(key)", at: key) }
            try await trial.commit { $0.delete("%") }
            try await trial.commit { $0.delete("*") }
            try trial.equal(try await trial.keys().count, keys.count - 2, "the number of keys left of \(keys.count)")
        },
        Clause(.bytes, "keys may be as long as the contract allows") { trial in
            let length = StorageKey.maximumLength
            let keys = [UInt8(1), 2].map { StorageKey(bytes: Array(repeating: 0x61, count: length - 1) + [$0]) }
            for key in keys { try await trial.commit { $0.put([key.bytes[length - 1]], at: key) } }
            try await trial.expect([1], at: keys[0])
            try await trial.expect([2], at: keys[1])
            let scanned = try await trial.storage.scan(.all, limit: 3).map(\.key)
            try trial.isTrue(scanned == keys, "The two longest keys were not scanned as they were put.")
            try trial.isTrue(
                try await trial.storage.scan(StorageRange.all.after(keys[0]), limit: 3).map(\.key) == [keys[1]],
                "The second of the longest keys was not found behind the first.")
        },
    ]
}
