import Apus

extension StorageConformance {
    static let batchClauses: [Clause] = entryClauses + orderClauses + rangeDeletionClauses

    private static let entryClauses: [Clause] = [
        Clause(.batches, "what was put is read back") { trial in
            try await trial.put(["a": "1"])
            try await trial.expect("1", at: "a")
        },
        Clause(.batches, "nothing is at a key that was never written") { trial in
            try await trial.put(["a": "1"])
            try await trial.expect(nil, at: "b")
        },
        Clause(.batches, "a put replaces what was there") { trial in
            try await trial.put(["a": "1", "b": "1"])
            try await trial.put(["a": "two"])
            try await trial.expect("two", at: "a")
            try await trial.expectKeys(["a", "b"])
        },
        Clause(.batches, "a delete takes away what is there, and nothing else") { trial in
            try await trial.put(["a": "1", "b": "2", "c": "3"])
            try await trial.commit { $0.delete("b") }
            try await trial.expect(nil, at: "b")
            try await trial.expectKeys(["a", "c"])
        },
        Clause(.batches, "deleting what is not there is no error") { trial in
            try await trial.put(["a": "1"])
            try await trial.commit { $0.delete("b") }
            try await trial.commit { $0.delete(from: "x", to: "z") }
            try await trial.expectKeys(["a"])
        },
        Clause(.batches, "a deleted key can be written again") { trial in
            try await trial.put(["a": "1"])
            try await trial.commit { $0.delete("a") }
            try await trial.put(["a": "2"])
            try await trial.expect("2", at: "a")
        },
        Clause(.batches, "a read answers in the order of the keys") { trial in
            try await trial.put(["a": "1", "b": "2", "d": "4"])
            let keys = ["d", "c", "a", "b"].map(\.asKey)
            let found = try await trial.storage.read(keys)
            let expected = [("d", "4"), nil, ("a", "1"), ("b", "2")]
                .map { $0.map { StorageEntry($0.0.asKey, Array($0.1.utf8)) } }
            try trial.equal(found, expected, "the entries read at d, c, a and b")
        },
        Clause(.batches, "a key that is asked for twice is answered twice") { trial in
            try await trial.put(["a": "1"])
            let found = try await trial.storage.read(["a", "a", "b", "a"].map(\.asKey))
            try trial.equal(found.map { $0 != nil }, [true, true, false, true], "which of a, a, b and a are there")
        },
        Clause(.batches, "a read of no keys answers with no entries") { trial in
            try trial.equal(try await trial.storage.read([]), [], "the answer to no keys")
        },
        Clause(.batches, "a read of a thousand keys answers each") { trial in
            let keys = (0..<1_000).map { StorageKey("n", $0) }
            try await trial.commit { batch in for key in keys { batch.put(key.bytes, at: key) } }
            let found = try await trial.storage.read(keys.reversed())
            try trial.equal(found, keys.reversed().map { StorageEntry($0, $0.bytes) }, "the entries read")
        },
        Clause(.batches, "an empty batch does nothing") { trial in
            try await trial.put(["a": "1"])
            try await trial.commit { _ in }
            try await trial.expect("1", at: "a")
            try await trial.expectKeys(["a"])
        },
        Clause(.batches, "a batch over many keys is applied to all of them") { trial in
            try await trial.commit { batch in for n in 0..<2_000 { batch.put("\(n)", at: "k\(n)") } }
            let found = try await trial.storage.scan(.all, limit: 3_000)
            try trial.equal(found.count, 2_000, "the number of entries after a batch of 2,000")
            try await trial.expect("1999", at: "k1999")
        },
    ]

    private static let orderClauses: [Clause] = [
        Clause(.batches, "of two puts in a batch the last counts") { trial in
            try await trial.commit {
                $0.put("1", at: "a")
                $0.put("2", at: "b")
                $0.put("3", at: "a")
            }
            try await trial.expect("3", at: "a")
            try await trial.expectKeys(["a", "b"])
        },
        Clause(.batches, "a delete after a put in the same batch leaves nothing") { trial in
            try await trial.commit {
                $0.put("1", at: "a")
                $0.delete("a")
            }
            try await trial.expect(nil, at: "a")
            try await trial.expectKeys([])
        },
        Clause(.batches, "a put after a delete in the same batch leaves the value") { trial in
            try await trial.put(["a": "1"])
            try await trial.commit {
                $0.delete("a")
                $0.put("2", at: "a")
            }
            try await trial.expect("2", at: "a")
        },
        Clause(.batches, "the deletion of a range takes what the same batch put before it") { trial in
            try await trial.commit {
                $0.put("1", at: "a/1")
                $0.put("2", at: "a/2")
                $0.put("3", at: "b")
                $0.delete(.below("a".asKey))
            }
            try await trial.expectKeys(["b"])
        },
        Clause(.batches, "put, deletion of the range and put of one key in a batch leave the last") { trial in
            try await trial.put(["a/1": "old", "a/2": "old"])
            try await trial.commit {
                $0.put("first", at: "a/1")
                $0.delete(.below("a".asKey))
                $0.put("last", at: "a/1")
            }
            try await trial.expect("last", at: "a/1")
            try await trial.expectKeys(["a/1"])
        },
    ]

    private static let rangeDeletionClauses: [Clause] = [
        Clause(.batches, "the deletion of a range begins with its lower bound and ends before its upper") { trial in
            try await trial.put(["a": "1", "b": "2", "c": "3", "d": "4"])
            try await trial.commit { $0.delete(from: "b", to: "d") }
            try await trial.expectKeys(["a", "d"])
        },
        Clause(.batches, "the deletion of a range without an upper bound takes all that follows") { trial in
            try await trial.put(["a": "1", "b": "2", "z": "3"])
            try await trial.commit { $0.put([1], at: StorageKey(bytes: [0xFF, 0xFF])) }
            try await trial.commit { $0.delete(from: "b", to: nil) }
            try await trial.expectKeys(["a"])
        },
        Clause(.batches, "the deletion of all leaves nothing") { trial in
            try await trial.commit { batch in for n in 0..<1_500 { batch.put("\(n)", at: "k\(n)") } }
            try await trial.commit { $0.delete(.all) }
            try await trial.expectKeys([])
        },
        Clause(.batches, "the deletion of an empty range takes nothing") { trial in
            try await trial.put(["a": "1", "b": "2", "c": "3"])
            try await trial.commit { $0.delete(from: "b", to: "b") }
            try await trial.commit { $0.delete(from: "c", to: "a") }
            try await trial.expectKeys(["a", "b", "c"])
        },
        Clause(.batches, "the direction of a range makes no difference to its deletion") { trial in
            try await trial.put(["a": "1", "b": "2", "c": "3", "d": "4"])
            try await trial.commit { $0.delete(StorageRange.from("b", to: "d").descending) }
            try await trial.expectKeys(["a", "d"])
        },
        Clause(.batches, "two ranges are deleted in one batch") { trial in
            try await trial.put(["a/1": "1", "b/1": "2", "c/1": "3", "d": "4"])
            try await trial.commit {
                $0.delete(.below("a".asKey))
                $0.delete(.below("c".asKey))
            }
            try await trial.expectKeys(["b/1", "d"])
        },
    ]
}
