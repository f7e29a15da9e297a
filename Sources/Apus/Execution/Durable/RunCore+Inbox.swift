extension RunCore {
    /// Takes in what was sent to the run and stored.
    func readInbox() async throws {
        guard let journal else { return }
        var page = StorageRange.below(RunKeys.inbox(journal.run))
        while true {
            let entries = try await journal.storage.scan(page, limit: 256)
            for entry in entries {
                guard let letter = RunInbox.Letter(entry) else { continue }
                if letter.topic == .cancel { cancelRequested() } else { inbox.deliver(letter) }
            }
            guard entries.count == 256, let last = entries.last else { return }
            page = page.after(last.key)
        }
    }
}

extension RunInbox.Letter {
    /// Stored as `{"k": kind, "n": name, "v": value}` under its id.
    init?(_ entry: StorageEntry) {
        var (kind, name, value) = ("", "", [UInt8]())
        var reader = JSONReader(entry.value)
        do {
            try reader.object { key, reader throws(JSONReader.Malformed) in
                switch key {
                case "k": kind = try reader.string()
                case "n": name = try reader.string()
                default: value = try reader.raw()
                }
            }
        } catch {
            return nil
        }
        let topic: Topic
        switch kind {
        case "answer": topic = .answer(name)
        case "signal": topic = .signal(name)
        case "cancel": topic = .cancel
        default: return nil
        }
        self.init(id: entry.key.parts.last ?? "", topic: topic, value: value)
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            switch topic {
            case .answer(let question):
                object.member("k", "answer")
                object.member("n", question)
            case .signal(let name):
                object.member("k", "signal")
                object.member("n", name)
            case .cancel: object.member("k", "cancel")
            }
            if !value.isEmpty {
                object.key("v")
                object.raw(value)
            }
        }
        return writer.bytes
    }
}
