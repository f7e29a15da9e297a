import Apus

extension StorageConformance {
    static let reopenings: [Clause] = [
        Clause(.reopening, "what was committed is there after the storage was opened again") { trial in
            try await trial.put(["a": "1", "b": ""])
            try await trial.put(["a": "2"])
            let again = try await trial.reopened()
            try await again.expect("2", at: "a")
            try await again.expect("", at: "b")
            try await again.expectKeys(["a", "b"])
        },
        Clause(.reopening, "what was deleted stays deleted") { trial in
            try await trial.put(["a": "1", "b/1": "2", "b/2": "3", "c": "4"])
            try await trial.commit {
                $0.delete("a")
                $0.delete(.below("b".asKey))
            }
            try await trial.reopened().expectKeys(["c"])
        },
        Clause(.reopening, "a refused batch has left nothing") { trial in
            try await trial.put(["a": "1"])
            try await trial.expectConflict(at: "a") {
                $0.requireAbsent("a")
                $0.put("2", at: "b")
            }
            try await trial.reopened().expectKeys(["a"])
        },
        Clause(.reopening, "entries expire while nobody has the storage open") { trial in
            try await trial.put(["a": "1"], expires: trial.environment.later(by: .seconds(10)))
            try await trial.put(["b": "2"], expires: trial.environment.later(by: .seconds(100)))
            let again = try await trial.reopened()
            try await again.expectKeys(["a", "b"])
            again.environment.advance(by: .seconds(10))
            let later = try await again.reopened()
            try await later.expectKeys(["b"])
            try await later.commit { $0.create("3", at: "a") }
            try await later.expectConflict(at: "b") { $0.create("3", at: "b") }
        },
        Clause(.reopening, "preconditions compare with what was there before") { trial in
            try await trial.put(["a": "1"])
            let again = try await trial.reopened()
            try await again.expectConflict(at: "a") { $0.create("2", at: "a") }
            try await again.commit {
                $0.require("1", at: "a")
                $0.put("2", at: "a")
            }
            try await again.reopened().expect("2", at: "a")
        },
        Clause(.reopening, "every byte of keys and values comes back") { trial in
            let keys = (0...255).map { StorageKey(bytes: [UInt8($0), 0, 0xFF]) }
            let value = (0...255).map(UInt8.init)
            try await trial.commit { batch in for key in keys { batch.put(value, at: key) } }
            let found = try await trial.reopened().storage.scan(.all, limit: 300)
            try trial.isTrue(found == keys.map { StorageEntry($0, value) }, "Other entries came back than were put.")
        },
        Clause(.reopening, "a large space comes back whole and in order") { trial in
            let keys = (0..<3_000).map { StorageKey("n", $0) }
            for part in 0..<3 {
                try await trial.commit { batch in
                    for key in keys[(part * 1_000)..<((part + 1) * 1_000)] { batch.put(key.bytes, at: key) }
                }
            }
            let again = try await trial.reopened()
            try trial.equal(try await again.storage.scan(.all, limit: 9_999).map(\.key), keys, "the keys of the scan")
            let backwards = try await again.storage.scan(StorageRange.all.descending, limit: 2).map(\.key)
            try trial.equal(backwards, [keys[2_999], keys[2_998]], "the last two keys")
        },
        Clause(.reopening, "it can be opened again and again") { trial in
            var trial = trial
            for round in 0..<5 {
                try await trial.put(["k\(round)": "\(round)"])
                trial = try await trial.reopened()
                try await trial.expectKeys((0...round).map { "k\($0)" })
            }
        },
    ]

    static let crashes: [Clause] = [
        Clause(.crashing, "what was acknowledged survives a crash") { trial in
            for n in 0..<20 { try await trial.put(["k\(n)": "\(n)"]) }
            try await trial.commit { $0.delete("k0") }
            let again = try await trial.crashed()
            try await again.expect(nil, at: "k0")
            for n in 1..<20 { try await again.expect("\(n)", at: "k\(n)") }
        },
        Clause(.crashing, "a batch under way at a crash is there wholly or not at all") { trial in
            var trial = trial
            for round in 0..<4 {
                let again = try await trial.crashing(during: { trial in
                    for n in 0..<100 {
                        try await trial.commit { batch in
                            for part in 0..<5 { batch.put("\(round)", at: "\(n)/\(part)") }
                        }
                    }
                })
                let found = try await again.storage.scan(.all, limit: .max).map { $0.key.parts[0] }
                for batch in Set(found).sorted() {
                    let count = found.count { $0 == batch }
                    try trial.equal(count, 5, "the number of entries of a batch of 5 that are there")
                }
                try await again.commit { $0.delete(.all) }
                trial = again
            }
        },
        Clause(.crashing, "commits go on after a crash, and after the next") { trial in
            var trial = trial
            for round in 0..<3 {
                try await trial.put(["k\(round)": "1"])
                trial = try await trial.crashed()
                try await trial.expectKeys((0...round).map { "k\($0)" })
                try await trial.expectConflict(at: "k\(round)") { $0.create("2", at: "k\(round)") }
            }
        },
    ]
}

extension StorageTrial {
    /// Takes the space away while `body` is at work; what `body` throws after that is of no interest.
    fileprivate func crashing(
        during body: @escaping @Sendable (StorageTrial) async throws -> Void
    ) async throws -> StorageTrial {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await body(self) }
            for _ in 0..<5 { await Task.yield() }
            let again = try await crashed()
            try await group.waitForAll()
            return again
        }
    }
}
