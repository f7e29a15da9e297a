extension Storage {
    /// Puts `new` at a key if `old` is there, `nil` standing for nothing in both; returns whether it did.
    public func compareAndSwap(
        _ key: StorageKey, from old: [UInt8]?, to new: [UInt8]?, expires: WallTime? = nil
    ) async throws -> Bool {
        var batch = StorageBatch()
        batch.require(old.map { .holds(key, $0) } ?? .absent(key))
        if let new { batch.put(new, at: key, expires: expires) } else { batch.delete(key) }
        do {
            try await commit(batch)
            return true
        } catch let error as StorageError where error.code == .conflict {
            return false
        }
    }

    /// Adds to the number at a key, 0 where nothing is, and returns the sum. It is stored as text.
    ///
    /// Of many who add at once none is lost: whoever comes second reads again, until it is written or its task is cancelled. An
    /// expiry that the number had is replaced by `expires`. It is not idempotent: after ``StorageError/Code/unknownOutcome`` the
    /// number may have been added.
    @discardableResult
    public func increment(_ key: StorageKey, by amount: Int = 1, expires: WallTime? = nil) async throws -> Int {
        while true {
            let old = try await value(at: key)
            guard let number = old.map({ Int(String(decoding: $0, as: UTF8.self)) }) ?? 0 else {
                throw StorageError(.coding, key: key, detail: "a counter is wanted, no whole number is there")
            }
            let (sum, isOver) = number.addingReportingOverflow(amount)
            if isOver { throw StorageError(.coding, key: key, detail: "the counter would leave the range of Int") }
            if try await compareAndSwap(key, from: old, to: Array("\(sum)".utf8), expires: expires) { return sum }
            try Task.checkCancellation()
        }
    }

    /// Changes the value that was saved at a key, and returns what it has become; `nil` stands for nothing, before and after.
    ///
    /// If somebody else writes the key meanwhile, `change` is called again with what is there then, up to `attempts` times; after
    /// that it throws ``StorageError/Code/conflict``. An expiry that the value had is replaced by `expires`.
    @discardableResult
    public func update<Value: Codable>(
        _ type: Value.Type = Value.self, at key: StorageKey, attempts: Int = 32, expires: WallTime? = nil,
        _ change: (inout Value?) async throws -> Void
    ) async throws -> Value? {
        for _ in 0..<attempts {
            let old = try await value(at: key)
            var value = try old.map { try StorageCoding.decode(type, from: $0, at: key) }
            try await change(&value)
            let new = try value.map { try StorageCoding.encode($0, at: key) }
            if try await compareAndSwap(key, from: old, to: new, expires: expires) { return value }
            try Task.checkCancellation()
        }
        throw StorageError(.conflict, key: key, detail: "others came first \(attempts) times")
    }
}
