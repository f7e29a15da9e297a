import Apus

extension StorageConformance {
    static let preconditionClauses: [Clause] = kindClauses + severalClauses + refusalClauses

    private static let kindClauses: [Clause] = [
        Clause(.preconditions, "absent holds where nothing is") { trial in
            try await trial.put(["b": "1"])
            try await trial.commit { $0.create("1", at: "a") }
            try await trial.expect("1", at: "a")
        },
        Clause(.preconditions, "absent does not hold where something is") { trial in
            try await trial.put(["a": "1"])
            try await trial.expectConflict(at: "a") { $0.create("2", at: "a") }
            try await trial.expect("1", at: "a")
        },
        Clause(.preconditions, "absent does not hold where an empty value is") { trial in
            try await trial.put(["a": ""])
            try await trial.expectConflict(at: "a") { $0.create("2", at: "a") }
        },
        Clause(.preconditions, "absent holds after a delete") { trial in
            try await trial.put(["a": "1"])
            try await trial.commit { $0.delete("a") }
            try await trial.commit { $0.create("2", at: "a") }
            try await trial.expect("2", at: "a")
        },
        Clause(.preconditions, "present holds where something is, an empty value too") { trial in
            try await trial.put(["a": "1", "b": ""])
            try await trial.commit {
                $0.requirePresent("a")
                $0.requirePresent("b")
                $0.put("3", at: "c")
            }
            try await trial.expect("3", at: "c")
        },
        Clause(.preconditions, "present does not hold where nothing is") { trial in
            try await trial.put(["a/b": "1"])
            try await trial.expectConflict(at: "a") {
                $0.requirePresent("a")
                $0.put("3", at: "c")
            }
            try await trial.expect(nil, at: "c")
        },
        Clause(.preconditions, "holds is kept by an equal value") { trial in
            try await trial.put(["a": "1"])
            try await trial.commit {
                $0.require("1", at: "a")
                $0.put("2", at: "a")
            }
            try await trial.expect("2", at: "a")
        },
        Clause(.preconditions, "holds is not kept by another value") { trial in
            try await trial.put(["a": "12"])
            for wanted in ["13", "1", "123", "", "012", "12 "] {
                try await trial.expectConflict(at: "a") {
                    $0.require(wanted, at: "a")
                    $0.put("2", at: "a")
                }
            }
            try await trial.expect("12", at: "a")
        },
        Clause(.preconditions, "holds is not kept where nothing is, not even for an empty value") { trial in
            try await trial.expectConflict(at: "a") {
                $0.require("", at: "a")
                $0.put("2", at: "a")
            }
            try await trial.put(["a": ""])
            try await trial.commit {
                $0.require("", at: "a")
                $0.put("2", at: "a")
            }
            try await trial.expect("2", at: "a")
        },
        Clause(.preconditions, "holds compares every byte of a long value") { trial in
            let value = Array(repeating: UInt8(0), count: 100_000)
            try await trial.commit { $0.put(value, at: "a".asKey) }
            try await trial.expectConflict(at: "a") {
                $0.require(.holds("a".asKey, value.dropLast() + [1]))
                $0.put("2", at: "b")
            }
            try await trial.commit {
                $0.require(.holds("a".asKey, value))
                $0.put("2", at: "b")
            }
            try await trial.expect("2", at: "b")
        },
    ]

    private static let severalClauses: [Clause] = [
        Clause(.preconditions, "a batch of preconditions that hold succeeds without writes") { trial in
            try await trial.put(["a": "1"])
            try await trial.commit {
                $0.require("1", at: "a")
                $0.requireAbsent("b")
            }
            try await trial.expectKeys(["a"])
        },
        Clause(.preconditions, "a batch of preconditions alone is in conflict if one does not hold") { trial in
            try await trial.put(["a": "1"])
            try await trial.expectConflict(at: "a") { $0.require("2", at: "a") }
            try await trial.expectConflict(at: "b") { $0.requirePresent("b") }
            try await trial.expectConflict(at: "a") { $0.requireAbsent("a") }
        },
        Clause(.preconditions, "several preconditions of all kinds may hold at once") { trial in
            try await trial.put(["a": "1", "b": "2"])
            try await trial.commit {
                $0.require("1", at: "a")
                $0.requirePresent("b")
                $0.requireAbsent("c")
                $0.put("3", at: "c")
            }
            try await trial.expect("3", at: "c")
        },
        Clause(.preconditions, "of several that do not hold the conflict names the first") { trial in
            try await trial.put(["a": "1", "z": "1"])
            try await trial.expectConflict(at: "z") {
                $0.requirePresent("a")
                $0.requireAbsent("z")
                $0.require("2", at: "a")
                $0.requirePresent("m")
            }
            try await trial.expectConflict(at: "m") {
                $0.requirePresent("m")
                $0.requireAbsent("a")
            }
        },
        Clause(.preconditions, "a conflict names a key that is no text") { trial in
            let key = StorageKey(bytes: [0, 0xFF, 0x80])
            do {
                try await trial.commit { $0.require(.present(key)) }
            } catch let error as StorageError {
                return try trial.equal(error.key, key, "the key that the conflict names")
            }
            throw StorageTrial.Finding(text: "Expected a conflict, but the batch was committed.")
        },
        Clause(.preconditions, "a hundred preconditions are all looked at") { trial in
            try await trial.commit { batch in for n in 0..<100 { batch.put("\(n)", at: "k\(n)") } }
            try await trial.commit { batch in for n in 0..<100 { batch.require("\(n)", at: "k\(n)") } }
            for odd in [0, 50, 99] {
                try await trial.expectConflict(at: "k\(odd)") { batch in
                    for n in 0..<100 { batch.require(n == odd ? "other" : "\(n)", at: "k\(n)") }
                }
            }
        },
        Clause(.preconditions, "one key may be required twice") { trial in
            try await trial.put(["a": "1"])
            try await trial.commit {
                $0.requirePresent("a")
                $0.require("1", at: "a")
                $0.put("2", at: "a")
            }
            try await trial.expectConflict(at: "a") {
                $0.requirePresent("a")
                $0.requireAbsent("a")
                $0.put("3", at: "a")
            }
            try await trial.expect("2", at: "a")
        },
    ]
}
