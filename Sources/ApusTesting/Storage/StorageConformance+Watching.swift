import Apus

extension StorageConformance {
    static let watches: [Clause] = [
        Clause(.watching, "a watch begins with one element") { trial in
            try await trial.soon { for await _ in try trial.changes(in: .all) { return } }
        },
        Clause(.watching, "a put in the range is told") { trial in
            try await trial.expectNews(in: .below("a".asKey)) { $0.put("1", at: "a/1") }
        },
        Clause(.watching, "a delete in the range is told") { trial in
            try await trial.put(["a/1": "1"])
            try await trial.expectNews(in: .below("a".asKey)) { $0.delete("a/1") }
        },
        Clause(.watching, "the deletion of a range that meets the watched one is told") { trial in
            try await trial.put(["a/1": "1", "a/9": "1"])
            try await trial.expectNews(in: .from("a/5", to: "a/95")) { $0.delete(from: "a", to: "a/91") }
        },
        Clause(.watching, "one write of many in the range is enough") { trial in
            try await trial.expectNews(in: .below("m".asKey)) { batch in
                for n in 0..<50 { batch.put("1", at: "a/\(n)") }
                batch.put("1", at: "m/1")
                for n in 0..<50 { batch.put("1", at: "z/\(n)") }
            }
        },
        Clause(.watching, "the direction of the range makes no difference to a watch") { trial in
            try await trial.expectNews(in: StorageRange.below("a".asKey).descending) { $0.put("1", at: "a/1") }
        },
        Clause(.watching, "whoever reads after an element sees the commit that it tells of") { trial in
            try await trial.followCounter(watchers: 1, commits: 100)
        },
        Clause(.watching, "every watcher is told") { trial in
            try await trial.followCounter(watchers: 5, commits: 20)
        },
        Clause(.watching, "a watcher that reads slowly misses nothing for good") { trial in
            let changes = try trial.changes(in: .all)
            for n in 1...200 { try await trial.put(["n": "\(n)"]) }
            try await trial.soon {
                for await _ in changes where try await trial.value("n") == "200" { return }
            }
        },
        Clause(.watching, "a watch ends when its task is cancelled") { trial in
            try await trial.soon {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { do { for await _ in try trial.changes(in: .all) {} } catch {} }
                    await Task.yield()
                    group.cancelAll()
                }
            }
            try await trial.put(["a": "1"])
            try await trial.expect("1", at: "a")
        },
        Clause(.watching, "watchers that come and go disturb nobody") { trial in
            _ = try await trial.together(10) { task in
                for round in 0..<5 {
                    try await trial.expectNews(in: .below("\(task)".asKey)) { $0.put("1", at: "\(task)/\(round)") }
                }
            }
            try trial.equal(try await trial.keys().count, 50, "the number of entries")
        },
    ]
}

extension StorageTrial {
    /// Ends `body` if it hangs, so that a lost element fails its clause instead of stopping all tests.
    fileprivate func soon(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await body() }
            group.addTask { [environment] in
                try await environment.sleep(for: Self.patience)
                throw Finding(text: "Expected an element of the watch, but none came within \(Self.patience).")
            }
            try await group.next()
            group.cancelAll()
        }
    }

    /// So long that no work in progress takes it, however busy the machine and slow its disk.
    private static let patience = Duration.seconds(300)

    /// Watches a range, commits what `fill` puts together once the watch has begun, and expects an element after that.
    fileprivate func expectNews(
        in range: StorageRange, _ fill: @escaping @Sendable (inout StorageBatch) -> Void
    ) async throws {
        try await soon {
            var isFirst = true
            for await _ in try changes(in: range) {
                if !isFirst { return }
                isFirst = false
                try await commit(fill)
            }
            throw Finding(text: "The watch ended by itself.")
        }
    }

    /// Counts up in commits; each watcher goes on until what it reads after an element is the last number.
    fileprivate func followCounter(watchers: Int, commits: Int) async throws {
        try await soon {
            _ = try await together(watchers + 1) { task in
                if task == 0 {
                    for n in 1...commits { try await put(["n": "\(n)"]) }
                } else {
                    for await _ in try changes(in: .from("n", to: "o")) where try await value("n") == "\(commits)" {
                        return
                    }
                    throw Finding(text: "The watch ended by itself.")
                }
            }
        }
    }
}
