import Apus

extension StorageConformance {
    static let expiryClauses: [Clause] = expiredEntryClauses + expiredPreconditionClauses

    private static let expiredEntryClauses: [Clause] = [
        Clause(.expiry, "an entry is there until it expires, and from then on it is not") { trial in
            try await trial.put(["a": "1"], expires: trial.environment.later(by: .seconds(10)))
            try await trial.expect("1", at: "a")
            trial.environment.advance(by: .milliseconds(9_999))
            try await trial.expect("1", at: "a")
            trial.environment.advance(by: .milliseconds(1))
            try await trial.expect(nil, at: "a")
            trial.environment.advance(by: .seconds(1_000))
            try await trial.expect(nil, at: "a")
        },
        Clause(.expiry, "a scan passes over what has expired, to the millisecond") { trial in
            try await trial.put(["a": "1", "c": "3"])
            try await trial.put(["b": "2"], expires: trial.environment.later(by: .seconds(10)))
            trial.environment.advance(by: .milliseconds(9_999))
            try await trial.expectKeys(["a", "b", "c"])
            trial.environment.advance(by: .milliseconds(1))
            try await trial.expectKeys(["a", "c"])
            try await trial.expectKeys(["c", "a"], in: StorageRange.all.descending)
        },
        Clause(.expiry, "what has expired does not count towards a limit") { trial in
            try await trial.put(
                ["a": "1", "b": "2", "y": "3", "z": "4"], expires: trial.environment.later(by: .seconds(1)))
            try await trial.put(["k": "5", "l": "6", "m": "7"])
            trial.environment.advance(by: .seconds(2))
            try await trial.expectKeys(["k", "l"], limit: 2)
            try await trial.expectKeys(["m", "l"], in: StorageRange.all.descending, limit: 2)
        },
        Clause(.expiry, "what does not expire stays for ever") { trial in
            try await trial.put(["a": "1"])
            trial.environment.advance(by: .seconds(50 * 365 * 86_400))
            try await trial.expect("1", at: "a")
        },
        Clause(.expiry, "the end of time never comes") { trial in
            try await trial.put(["a": "1"], expires: WallTime(milliseconds: .max))
            trial.environment.advance(by: .seconds(50 * 365 * 86_400))
            try await trial.expect("1", at: "a")
            try await trial.expectKeys(["a"])
        },
        Clause(.expiry, "what is put with an expiry in the past is not there, nor is what it replaced") { trial in
            try await trial.put(["a": "1"])
            try await trial.put(["a": "2", "b": "2"], expires: trial.environment.now().wallTime)
            try await trial.expect(nil, at: "a")
            try await trial.put(["c": "3"], expires: WallTime(milliseconds: 0))
            try await trial.expectKeys([])
        },
        Clause(.expiry, "overwriting without an expiry takes it away") { trial in
            try await trial.put(["a": "1"], expires: trial.environment.later(by: .seconds(10)))
            try await trial.put(["a": "2"])
            trial.environment.advance(by: .seconds(20))
            try await trial.expect("2", at: "a")
        },
        Clause(.expiry, "overwriting with a later expiry renews it, even with the same value") { trial in
            try await trial.put(["a": "1"], expires: trial.environment.later(by: .seconds(10)))
            trial.environment.advance(by: .seconds(9))
            try await trial.put(["a": "1"], expires: trial.environment.later(by: .seconds(10)))
            trial.environment.advance(by: .seconds(9))
            try await trial.expect("1", at: "a")
            trial.environment.advance(by: .seconds(1))
            try await trial.expect(nil, at: "a")
        },
        Clause(.expiry, "overwriting with an earlier expiry shortens it") { trial in
            try await trial.put(["a": "1"], expires: trial.environment.later(by: .seconds(100)))
            try await trial.put(["a": "1"], expires: trial.environment.later(by: .seconds(10)))
            trial.environment.advance(by: .seconds(10))
            try await trial.expect(nil, at: "a")
        },
        Clause(.expiry, "the last write of a batch decides about the expiry") { trial in
            let expires = trial.environment.later(by: .seconds(10))
            try await trial.commit {
                $0.put("1", at: "a", expires: expires)
                $0.put("2", at: "a")
                $0.put("1", at: "b")
                $0.put("2", at: "b", expires: expires)
            }
            trial.environment.advance(by: .seconds(10))
            try await trial.expect("2", at: "a")
            try await trial.expect(nil, at: "b")
        },
    ]

    private static let expiredPreconditionClauses: [Clause] = [
        Clause(.expiry, "absent holds where something has expired") { trial in
            try await trial.put(["a": "1"], expires: trial.environment.later(by: .seconds(10)))
            try await trial.expectConflict(at: "a") { $0.create("2", at: "a") }
            trial.environment.advance(by: .seconds(10))
            try await trial.commit { $0.create("3", at: "a") }
            try await trial.expect("3", at: "a")
            trial.environment.advance(by: .seconds(100))
            try await trial.expect("3", at: "a")
        },
        Clause(.expiry, "present does not hold where something has expired") { trial in
            try await trial.put(["a": "1"], expires: trial.environment.later(by: .seconds(10)))
            try await trial.commit { $0.requirePresent("a") }
            trial.environment.advance(by: .seconds(10))
            try await trial.expectConflict(at: "a") { $0.requirePresent("a") }
        },
        Clause(.expiry, "holds is not kept by a value that has expired") { trial in
            try await trial.put(["a": "1"], expires: trial.environment.later(by: .seconds(10)))
            try await trial.commit { $0.require("1", at: "a") }
            trial.environment.advance(by: .seconds(10))
            try await trial.expectConflict(at: "a") {
                $0.require("1", at: "a")
                $0.put("2", at: "a")
            }
            try await trial.expect(nil, at: "a")
        },
        Clause(.expiry, "each entry expires at its own time") { trial in
            for n in 1...5 { try await trial.put(["k\(n)": "\(n)"], expires: trial.environment.later(by: .seconds(n))) }
            for n in 1...5 {
                trial.environment.advance(by: .seconds(1))
                try await trial.expectKeys((1...5).filter { $0 > n }.map { "k\($0)" })
            }
        },
        Clause(.expiry, "an expiry goes with what is deleted") { trial in
            try await trial.put(["a": "1"], expires: trial.environment.later(by: .seconds(10)))
            try await trial.commit { $0.delete("a") }
            try await trial.put(["a": "2"])
            trial.environment.advance(by: .seconds(10))
            try await trial.expect("2", at: "a")
        },
        Clause(.expiry, "what has expired can be deleted with its range") { trial in
            try await trial.put(["a/1": "1"], expires: trial.environment.later(by: .seconds(10)))
            try await trial.put(["a/2": "2"])
            trial.environment.advance(by: .seconds(10))
            try await trial.commit { $0.delete(.below("a".asKey)) }
            try await trial.expectKeys([])
        },
        Clause(.expiry, "a lease passes from hand to hand when it expires, never before") { trial in
            for holder in 0..<5 {
                let expires = trial.environment.later(by: .seconds(30))
                try await trial.commit { $0.create("\(holder)", at: "lease", expires: expires) }
                trial.environment.advance(by: .milliseconds(29_999))
                try await trial.expectConflict(at: "lease") { $0.create("thief", at: "lease") }
                try await trial.expect("\(holder)", at: "lease")
                trial.environment.advance(by: .milliseconds(1))
            }
        },
    ]
}
