import Apus

extension StorageConformance {
    static let cancellationClauses: [Clause] = [
        Clause(.cancellation, "the batch of a cancelled caller is applied wholly or not at all") { trial in
            for round in 0..<8 {
                let keys = ["a/\(round)", "z/\(round)"]
                let outcome = await trial.cancelled {
                    try await trial.commit { for key in keys { $0.put("1", at: key) } }
                }
                try await trial.put(["barrier": "\(round)"])
                let found = try await trial.storage.read(keys.map(\.asKey)).map { $0 != nil }
                try trial.equal(found[0], found[1], "whether the second half was applied")
                switch outcome {
                case .success: try trial.isTrue(found[0], "The commit returned, but nothing was applied.")
                case .failure(let error as StorageError) where error.code == .unknownOutcome: break
                case .failure(let error): try trial.isTrue(!found[0], "It threw \(error), but the batch was applied.")
                }
            }
        },
        Clause(.cancellation, "a cancelled caller spoils nothing for others") { trial in
            let succeeded = try await trial.together(30) { task in
                let work: @Sendable () async throws -> Void = { try await trial.put(["k\(task)": "1"]) }
                if task % 2 == 1 {
                    try await work()
                    return true
                }
                if case .success = await trial.cancelled(work) { return true }
                return false
            }
            for task in 0..<30 where task % 2 == 1 || succeeded[task] { try await trial.expect("1", at: "k\(task)") }
        },
        Clause(.cancellation, "the storage goes on after many were cancelled") { trial in
            _ = try await trial.together(20) { task in
                _ = await trial.cancelled { try await trial.put(["k\(task)": "1"]) }
                _ = await trial.cancelled { _ = try await trial.storage.scan(.all, limit: 10) }
                _ = await trial.cancelled { _ = try await trial.value("k1") }
            }
            try await trial.put(["last": "1"])
            try await trial.expect("1", at: "last")
        },
    ]
}

extension StorageTrial {
    /// What comes of `body` in a task that is cancelled while it runs, or just before.
    fileprivate func cancelled(_ body: @escaping @Sendable () async throws -> Void) async -> Result<Void, any Error> {
        await withTaskGroup(of: Result<Void, any Error>.self) { group in
            group.addTask {
                do {
                    return .success(try await body())
                } catch {
                    return .failure(error)
                }
            }
            await Task.yield()
            group.cancelAll()
            return await group.next() ?? .success(())
        }
    }
}
