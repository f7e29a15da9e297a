import Apus

extension StorageConformance {
    private struct Refusal: Error, Equatable {}

    static let transactions: [Clause] = [
        Clause(.transactions, "an effect and its batch commit together, and the value comes back") { trial in
            let value = try await trial.transact {
                $0.put("1", at: "a")
                $0.put("2", at: "b")
            }
            try trial.equal(value, 2, "the value that was returned")
            try trial.equal(try await trial.effects(), 1, "the number of effects")
            try await trial.expectKeys(["a", "b"])
        },
        Clause(.transactions, "an effect commits with an empty batch") { trial in
            _ = try await trial.transact { _ in }
            try trial.equal(try await trial.effects(), 1, "the number of effects")
            try await trial.expectKeys([])
        },
        Clause(.transactions, "a body that throws leaves nothing, and its error arrives") { trial in
            try await trial.put(["a": "1"])
            do {
                _ = try await trial.transact(failing: Refusal()) { $0.put("2", at: "a") }
                throw StorageTrial.Finding(text: "Expected the error of the body, but the transaction was committed.")
            } catch is Refusal {}
            try trial.equal(try await trial.effects(), 0, "the number of effects")
            try await trial.expect("1", at: "a")
        },
        Clause(.transactions, "a conflict leaves nothing of the effect") { trial in
            try await trial.put(["a": "1"])
            do {
                _ = try await trial.transact {
                    $0.requirePresent("a")
                    $0.require("2", at: "a")
                    $0.put("2", at: "b")
                }
                throw StorageTrial.Finding(text: "Expected a conflict, but the transaction was committed.")
            } catch let error as StorageError {
                try trial.equal(error, StorageError(.conflict, key: "a".asKey), "the error")
            }
            try trial.equal(try await trial.effects(), 0, "the number of effects")
            try await trial.expectKeys(["a"])
        },
        Clause(.transactions, "after a failed transaction the next one commits") { trial in
            for _ in 0..<5 {
                do { _ = try await trial.transact(failing: Refusal()) { _ in } } catch is Refusal {}
                _ = try await trial.transact { $0.put("1", at: "a") }
            }
            try trial.equal(try await trial.effects(), 5, "the number of effects")
        },
        Clause(.transactions, "the effects of many at once are as many as succeeded") { trial in
            try await trial.put(["n": "0"])
            let won = try await trial.together(16) { task in
                do {
                    _ = try await trial.transact {
                        $0.create("1", at: "slot/\(task / 2)")
                        $0.put("\(task)", at: "last")
                    }
                    return true
                } catch let error as StorageError where error.code == .conflict {
                    return false
                }
            }
            try trial.equal(won.count { $0 }, 8, "the number of transactions that succeeded")
            try trial.equal(try await trial.effects(), 8, "the number of effects")
        },
        Clause(.transactions, "transactions and batches see each other") { trial in
            _ = try await trial.together(8) { task in
                for round in 0..<5 {
                    if task % 2 == 0 {
                        _ = try await trial.transact { $0.create("1", at: "\(task)/\(round)") }
                    } else {
                        try await trial.commit { $0.create("1", at: "\(task)/\(round)") }
                    }
                }
            }
            try trial.equal(try await trial.effects(), 20, "the number of effects")
            try trial.equal(try await trial.keys().count, 40, "the number of entries")
        },
    ]
}
