import Apus

extension StorageConformance {
    static let pageClauses: [Clause] = [
        Clause(.pages, "pages visit each entry once, forwards") { trial in
            let keys = try await trial.fill(50)
            for size in [1, 7, 49, 50, 51] {
                try trial.equal(try await trial.pages(of: size, in: .all), keys, "the keys in pages of \(size)")
            }
        },
        Clause(.pages, "pages visit each entry once, backwards") { trial in
            let keys = try await trial.fill(50)
            for size in [1, 7, 49, 50, 51] {
                let found = try await trial.pages(of: size, in: StorageRange.all.descending)
                try trial.equal(found, keys.reversed(), "the keys in descending pages of \(size)")
            }
        },
        Clause(.pages, "pages keep to the bounds of their range") { trial in
            _ = try await trial.fill(20)
            try await trial.put(["a": "before", "z": "behind"])
            let range = StorageRange.below("k".asKey)
            try trial.equal(try await trial.pages(of: 3, in: range).count, 20, "the number of keys in the pages")
            try trial.equal(
                try await trial.pages(of: 3, in: range.descending).count, 20, "the number of keys in descending pages")
        },
        Clause(.pages, "the next page begins right behind the last key") { trial in
            try await trial.put(["a": "1", "aa": "2", "ab": "3"])
            try await trial.commit { $0.put([1], at: StorageKey(bytes: [0x61, 0x00])) }
            let next = try await trial.storage.scan(StorageRange.all.after("a".asKey), limit: 1)
            try trial.equal(next.map(\.key.bytes), [[0x61, 0x00]], "the first key behind \"a\"")
            try await trial.expectKeys(["ab"], in: StorageRange.all.after("aa".asKey))
            try await trial.expectKeys(["aa"], in: StorageRange.all.descending.after("ab".asKey), limit: 1)
        },
        Clause(.pages, "a page begins behind a key that is gone") { trial in
            try await trial.put(["a": "1", "b": "2", "c": "3"])
            try await trial.commit { $0.delete("b") }
            try await trial.expectKeys(["c"], in: StorageRange.all.after("b".asKey))
            try await trial.expectKeys(["a"], in: StorageRange.all.descending.after("b".asKey))
        },
        Clause(.pages, "pages visit once what stays while others write around it") { trial in
            let keys = try await trial.fill(60)
            for range in [StorageRange.all, StorageRange.all.descending] {
                var seen: [String] = []
                var page = try await trial.storage.scan(range, limit: 7)
                var round = 0
                while let last = page.last {
                    seen += page.map { "\($0.key)" }.filter { !$0.hasSuffix("+") }
                    round += 1
                    try trial.isTrue(round < 1_000, "The pages never end; they begin with \(seen.prefix(20)).")
                    try await trial.disturb(keys, round)
                    page = try await trial.storage.scan(range.after(last.key), limit: 7)
                }
                try trial.equal(seen, range.isDescending ? keys.reversed() : keys, "the keys that stayed")
            }
        },
        Clause(.pages, "pages visit once what stays while others write at the same time") { trial in
            let keys = try await trial.fill(60)
            let found = try await trial.together(3) { task -> [String] in
                if task > 0 {
                    for round in 0..<15 { try await trial.disturb(keys, round * 2 + task) }
                    return []
                }
                return try await trial.pages(of: 5, in: .all).filter { !$0.hasSuffix("+") }
            }
            try trial.equal(found[0], keys, "the keys that stayed")
        },
    ]
}

extension StorageTrial {
    /// Puts `count` entries and returns their keys in order.
    fileprivate func fill(_ count: Int) async throws -> [String] {
        let keys = (0..<count).map { "\(StorageKey("k", $0))" }
        try await commit { batch in for key in keys { batch.put(key, at: key) } }
        return keys
    }

    fileprivate func pages(of size: Int, in range: StorageRange) async throws -> [String] {
        var keys: [String] = []
        var page = try await storage.scan(range, limit: size)
        while let last = page.last {
            try isTrue(page.count <= size, "A page of \(size) holds \(page.count) entries.")
            keys += page.map { "\($0.key)" }
            try isTrue(keys.count < 10_000, "The pages never end; they begin with \(keys.prefix(20)).")
            page = try await storage.scan(range.after(last.key), limit: size)
        }
        return keys
    }

    /// Writes and deletes behind keys that stay, and rewrites some of them.
    fileprivate func disturb(_ keys: [String], _ round: Int) async throws {
        try await commit { batch in
            for (index, key) in keys.enumerated() {
                switch (index + round) % 4 {
                case 0: batch.put("new", at: key + "+")
                case 1: batch.delete(key + "+")
                case 2: batch.put("again", at: key)
                default: break
                }
            }
        }
    }
}
