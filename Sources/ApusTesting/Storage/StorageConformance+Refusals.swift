import Apus

extension StorageConformance {
    static let refusalClauses: [Clause] = [
        Clause(.preconditions, "a batch whose last precondition does not hold writes nothing") { trial in
            try await trial.put(["a": "1", "b": "2"])
            try await trial.expectConflict(at: "z") {
                $0.requirePresent("a")
                $0.put("new", at: "a")
                $0.delete("b")
                $0.put("new", at: "c")
                $0.requirePresent("z")
            }
            try await trial.expect("1", at: "a")
            try await trial.expectKeys(["a", "b"])
        },
        Clause(.preconditions, "a batch whose first precondition does not hold writes nothing") { trial in
            try await trial.put(["a": "1", "b": "2"])
            try await trial.expectConflict(at: "a") {
                $0.requireAbsent("a")
                $0.requirePresent("b")
                $0.put("new", at: "b")
                $0.put("new", at: "c")
            }
            try await trial.expect("2", at: "b")
            try await trial.expectKeys(["a", "b"])
        },
        Clause(.preconditions, "a refused batch deletes no range") { trial in
            try await trial.put(["a/1": "1", "a/2": "2"])
            try await trial.expectConflict(at: "z") {
                $0.requirePresent("z")
                $0.delete(.below("a".asKey))
            }
            try await trial.expectKeys(["a/1", "a/2"])
        },
        Clause(.preconditions, "a refused batch leaves the expiry of what is there") { trial in
            let expires = trial.environment.later(by: .seconds(10))
            try await trial.put(["a": "1"], expires: expires)
            try await trial.expectConflict(at: "z") {
                $0.requirePresent("z")
                $0.put("1", at: "a")
            }
            trial.environment.advance(by: .seconds(10))
            try await trial.expect(nil, at: "a")
        },
        Clause(.preconditions, "preconditions see what was there before the batch: absent") { trial in
            try await trial.commit {
                $0.put("1", at: "a")
                $0.requireAbsent("a")
            }
            try await trial.expect("1", at: "a")
            try await trial.expectConflict(at: "a") {
                $0.delete("a")
                $0.requireAbsent("a")
            }
            try await trial.expect("1", at: "a")
        },
        Clause(.preconditions, "preconditions see what was there before the batch: present") { trial in
            try await trial.expectConflict(at: "a") {
                $0.put("1", at: "a")
                $0.requirePresent("a")
            }
            try await trial.put(["a": "1"])
            try await trial.commit {
                $0.delete("a")
                $0.requirePresent("a")
            }
            try await trial.expect(nil, at: "a")
        },
        Clause(.preconditions, "preconditions see what was there before the batch: holds") { trial in
            try await trial.put(["a": "1"])
            try await trial.expectConflict(at: "a") {
                $0.put("2", at: "a")
                $0.require("2", at: "a")
            }
            try await trial.commit {
                $0.put("2", at: "a")
                $0.require("1", at: "a")
            }
            try await trial.expect("2", at: "a")
        },
        Clause(.preconditions, "preconditions see what was there before the batch deletes its range") { trial in
            try await trial.put(["a/1": "1"])
            try await trial.commit {
                $0.delete(.below("a".asKey))
                $0.require("1", at: "a/1")
                $0.put("2", at: "a/2")
            }
            try await trial.expectKeys(["a/2"])
        },
        Clause(.preconditions, "after a conflict the storage goes on as before") { trial in
            try await trial.put(["a": "1"])
            for _ in 0..<20 { try await trial.expectConflict(at: "a") { $0.create("2", at: "a") } }
            try await trial.put(["b": "2"])
            try await trial.expectKeys(["a", "b"])
        },
        Clause(.preconditions, "a value is exchanged step by step, and an old step is refused") { trial in
            try await trial.put(["a": "0"])
            for n in 0..<10 {
                try await trial.commit {
                    $0.require("\(n)", at: "a")
                    $0.put("\(n + 1)", at: "a")
                }
            }
            try await trial.expectConflict(at: "a") {
                $0.require("5", at: "a")
                $0.put("late", at: "a")
            }
            try await trial.expect("10", at: "a")
        },
        Clause(.preconditions, "a fence on one key guards the writes at others") { trial in
            try await trial.put(["lease": "worker-1"])
            try await trial.commit {
                $0.require("worker-1", at: "lease")
                $0.put("1", at: "journal/1")
            }
            try await trial.put(["lease": "worker-2"])
            try await trial.expectConflict(at: "lease") {
                $0.require("worker-1", at: "lease")
                $0.put("2", at: "journal/2")
            }
            try await trial.expectKeys(["journal/1", "lease"])
        },
    ]
}
