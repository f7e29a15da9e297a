import Apus

extension StorageConformance {
    static let concurrencyClauses: [Clause] = raceClauses + orderUnderLoadClauses

    private static let raceClauses: [Clause] = [
        Clause(.concurrency, "a counter that many raise by exchange loses no step") { trial in
            try await trial.put(["n": "0"])
            _ = try await trial.together(8) { _ in for _ in 0..<10 { try await trial.raise("n", by: 1) } }
            try await trial.expect("80", at: "n")
        },
        Clause(.concurrency, "of many who create one key exactly one wins, and its value stays") { trial in
            for round in 0..<5 {
                let won = try await trial.together(16) { task in
                    try await trial.commits { $0.create("\(task)", at: "key\(round)") }
                }
                let winners = won.indices.filter { won[$0] }
                try trial.equal(winners.count, 1, "the number of winners of 16")
                try await trial.expect("\(winners[0])", at: "key\(round)")
            }
        },
        Clause(.concurrency, "a read never sees half of a batch") { trial in
            try await trial.watchPair { trial in
                try await trial.storage.read(["a".asKey, "z".asKey]).map { $0?.value }
            }
        },
        Clause(.concurrency, "a scan never sees half of a batch") { trial in
            try await trial.watchPair { trial in try await trial.storage.scan(.all, limit: 10).map(\.value) }
        },
        Clause(.concurrency, "a batch that replaces a range is seen whole") { trial in
            let sizes = try await trial.together(3) { task -> [Int] in
                var sizes: [Int] = []
                for round in 0..<40 {
                    await Task.yield()
                    if task == 0 {
                        try await trial.commit { batch in
                            batch.delete(.below("r".asKey))
                            for n in 0..<10 { batch.put("\(round)", at: "r/\(n)") }
                        }
                    } else {
                        let found = try await trial.storage.scan(.below("r".asKey), limit: 20)
                        try trial.isTrue(Set(found.map(\.value)).count <= 1, "Values of two batches were seen at once.")
                        sizes.append(found.count)
                    }
                }
                return sizes
            }
            let odd = sizes.flatMap { $0 }.first { $0 != 0 && $0 != 10 }
            try trial.equal(odd, nil, "a number of entries other than none and ten")
        },
        Clause(.concurrency, "batches over different keys all succeed") { trial in
            _ = try await trial.together(32) { task in
                for round in 0..<5 {
                    try await trial.commit {
                        $0.requireAbsent("\(task)/\(round)")
                        $0.put("1", at: "\(task)/\(round)")
                    }
                }
            }
            try trial.equal(try await trial.keys().count, 160, "the number of entries")
        },
        Clause(.concurrency, "a conflict among commits at once fails only its own batch") { trial in
            try await trial.put(["taken": "1"])
            for round in 0..<5 {
                let succeeded = try await trial.together(24) { task in
                    try await trial.commits {
                        $0.put("1", at: "r\(round)/\(task)")
                        if task % 3 == 1 { $0.requireAbsent("taken") }
                    }
                }
                try trial.equal(succeeded, (0..<24).map { $0 % 3 != 1 }, "which of 24 commits succeeded")
                let keys = try await trial.keys(in: .below("r\(round)".asKey))
                try trial.equal(keys.count, 16, "the number of entries of one round")
            }
        },
        Clause(.concurrency, "what one of many commits writes, the next may require") { trial in
            try await trial.put(["seat": "free"])
            let won = try await trial.together(12) { task in
                try await trial.commits {
                    $0.require("free", at: "seat")
                    $0.put("of \(task)", at: "seat")
                    $0.put("1", at: "guest/\(task)")
                }
            }
            try trial.equal(won.count { $0 }, 1, "the number of those who got the seat")
            try trial.equal(try await trial.keys(in: .below("guest".asKey)).count, 1, "the number of guests")
        },
        Clause(.concurrency, "two who each require the other's absence do not both write") { trial in
            for round in 0..<20 {
                let keys = ["left\(round)", "right\(round)"]
                let won = try await trial.together(2) { task in
                    try await trial.commits {
                        $0.requireAbsent(keys[1 - task])
                        $0.put("1", at: keys[task])
                    }
                }
                try trial.equal(won.count { $0 }, 1, "the number of those who wrote")
            }
        },
    ]

    private static let orderUnderLoadClauses: [Clause] = [
        Clause(.concurrency, "transfers between accounts keep the sum") { trial in
            for account in 0..<4 { try await trial.put(["account/\(account)": "100"]) }
            let sums = try await trial.together(6) { task -> [Int] in
                if task < 2 {
                    var sums: [Int] = []
                    for _ in 0..<30 {
                        await Task.yield()
                        let found = try await trial.storage.scan(.below("account".asKey), limit: 10)
                        sums.append(found.reduce(0) { $0 + (Int(String(decoding: $1.value, as: UTF8.self)) ?? 0) })
                    }
                    return sums
                }
                for round in 0..<10 {
                    await Task.yield()
                    try await trial.transfer(from: (task + round) % 4, to: (task + 2 * round + 1) % 4)
                }
                return []
            }
            try trial.equal(sums.flatMap { $0 }.first { $0 != 400 }, nil, "a sum other than 400")
        },
        Clause(.concurrency, "whoever reads after a commit has returned sees it") { trial in
            _ = try await trial.together(8) { task in
                for round in 0..<10 {
                    try await trial.put(["\(task)": "\(round)"])
                    try await trial.expect("\(round)", at: "\(task)")
                    let scanned = try await trial.storage.scan(.from("\(task)"), limit: 1).first?.value
                    try trial.equal(scanned, Array("\(round)".utf8), "what is scanned after the commit")
                }
            }
        },
        Clause(.concurrency, "a reader never sees a later commit of a task without its earlier ones") { trial in
            try await trial.put(["first": "0", "second": "0"])
            _ = try await trial.together(3) { task in
                for round in 1...40 {
                    await Task.yield()
                    if task == 0 {
                        try await trial.put(["first": "\(round)"])
                        try await trial.put(["second": "\(round)"])
                    } else {
                        let second = try await trial.number("second")
                        let first = try await trial.number("first")
                        try trial.isTrue(
                            first >= second, "Second was \(second) before first, read after it, was \(first).")
                    }
                }
            }
        },
        Clause(.concurrency, "whoever has seen one entry of a batch sees the others from then on") { trial in
            try await trial.put(["a": "0", "z": "0"])
            _ = try await trial.together(4) { task in
                for round in 1...40 {
                    await Task.yield()
                    if task == 0 {
                        try await trial.commit {
                            $0.put("\(round)", at: "a")
                            $0.put("\(round)", at: "z")
                        }
                    } else {
                        let keys = (task + round) % 2 == 0 ? ["a", "z"] : ["z", "a"]
                        let first = try await trial.number(keys[0])
                        let second = try await trial.number(keys[1])
                        try trial.isTrue(second >= first, "\(keys[0]) was \(first) before \(keys[1]) was \(second).")
                        let both = try await trial.storage.read(keys.map(\.asKey)).map { $0?.value }
                        try trial.isTrue(both[0] == both[1], "Half of a batch was seen after its entries were read.")
                    }
                }
            }
        },
        Clause(.concurrency, "what others are reading does not hide what was committed") { trial in
            try await trial.put(["a": "0"])
            _ = try await trial.together(4) { task in
                var last = 0
                for round in 1...40 {
                    await Task.yield()
                    if task == 0 { try await trial.put(["a": "\(round)"]) }
                    let number = try await trial.number("a")
                    if task == 0 { try trial.equal(number, round, "what the only writer reads after its commit") }
                    try trial.isTrue(number >= last, "\(number) was read after \(last), which was put later.")
                    last = number
                }
            }
        },
        Clause(.concurrency, "what many write at one key is the value of one of them") { trial in
            _ = try await trial.together(8) { task in
                for _ in 0..<5 {
                    try await trial.commit { $0.put(Array(repeating: UInt8(task), count: 5_000), at: "a".asKey) }
                }
            }
            let value = try await trial.value("a".asKey) ?? []
            try trial.equal(value.count, 5_000, "the length of the value")
            try trial.equal(Set(value).count, 1, "the number of writers in one value")
        },
        Clause(.concurrency, "a queue hands each entry to one of many workers") { trial in
            try await trial.commit { batch in for n in 0..<40 { batch.put("job", at: "queue/\(n)") } }
            let taken = try await trial.together(6) { _ in try await trial.takeAll(from: "queue") }
            try trial.equal(taken.flatMap { $0 }.count, 40, "the number of entries handed out")
            try trial.equal(Set(taken.flatMap { $0 }).count, 40, "the number of different entries handed out")
        },
    ]
}

extension StorageTrial {
    /// How often somebody tries who may be beaten by others, before a clause finds that nothing goes on.
    private static let patience = 10_000

    /// Raises a number by reading it and exchanging it for the next, until nobody comes between.
    fileprivate func raise(_ key: String, by amount: Int) async throws {
        for _ in 0..<Self.patience {
            guard let text = try await value(key), let number = Int(text) else {
                throw Finding(text: "The number at \"\(key)\" is gone.")
            }
            await Task.yield()
            let isRaised = try await commits {
                $0.require(text, at: key)
                $0.put("\(number + amount)", at: key)
            }
            if isRaised { return }
        }
        throw Finding(text: "The number at \"\(key)\" could not be exchanged in \(Self.patience) attempts.")
    }

    /// Lets one task write two keys in a batch again and again, and two others see with `look` that they are alike.
    fileprivate func watchPair(_ look: @escaping @Sendable (StorageTrial) async throws -> [[UInt8]?]) async throws {
        try await commit {
            $0.put("start", at: "a")
            $0.put("start", at: "z")
        }
        _ = try await together(3) { task in
            for round in 0..<60 {
                await Task.yield()
                if task == 0 {
                    try await commit {
                        $0.put("\(round)", at: "a")
                        $0.put("\(round)", at: "z")
                    }
                } else {
                    let values = try await look(self)
                    let texts = values.map { $0.map { String(decoding: $0, as: UTF8.self) } ?? "nothing" }
                    try isTrue(texts.count == 2 && texts[0] == texts[1], "Half of a batch was seen: \(texts).")
                }
            }
        }
    }

    /// The number at a key, or -1.
    fileprivate func number(_ key: String) async throws -> Int { Int(try await value(key) ?? "") ?? -1 }

    fileprivate func transfer(from: Int, to: Int) async throws {
        guard from != to else { return }
        let keys = ["account/\(from)", "account/\(to)"]
        for _ in 0..<Self.patience {
            let texts = try await storage.read(keys.map(\.asKey)).map {
                String(decoding: $0?.value ?? [], as: UTF8.self)
            }
            guard let source = Int(texts[0]), let target = Int(texts[1]) else {
                throw Finding(text: "An account is gone: \(texts).")
            }
            let isDone = try await commits {
                $0.require(texts[0], at: keys[0])
                $0.require(texts[1], at: keys[1])
                $0.put("\(source - 7)", at: keys[0])
                $0.put("\(target + 7)", at: keys[1])
            }
            if isDone { return }
        }
        throw Finding(text: "No transfer could be made in \(Self.patience) attempts.")
    }

    /// Takes entries below `queue` until there are none; returns their keys.
    fileprivate func takeAll(from queue: String) async throws -> [String] {
        var taken: [String] = []
        for _ in 0..<Self.patience {
            guard let first = try await storage.scan(.below(queue.asKey), limit: 1).first else { return taken }
            let isMine = try await commits {
                $0.require(.present(first.key))
                $0.delete(first.key)
            }
            if isMine { taken.append("\(first.key)") }
        }
        throw Finding(text: "The queue is not empty after \(Self.patience) attempts to take from it.")
    }
}
