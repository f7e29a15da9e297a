/// The records that one commit adds to a journal.
///
/// It is stored as one JSON object, `{"u":1700000000000,"r":[…],"h":"…"}`: when, the records, and a hash over the run, the frame's
/// number, the hash of the frame before it and everything of this frame up to its own hash. So no frame can be changed, left out
/// or put elsewhere without the next one saying so.
package struct JournalFrame: Sendable, Equatable {
    /// Counts the frames of a run from 0.
    package var sequence: Int
    package var time: WallTime
    package var records: [JournalRecord]
    package var link: JournalLink
    /// As it is stored.
    package var bytes: [UInt8]

    /// How many bytes a frame takes besides its records.
    static let hashTail = 6 + JournalLink.length + 2

    package static func encode(
        _ records: [JournalRecord], run: RunID, sequence: Int, at time: WallTime, after link: JournalLink
    ) -> (bytes: [UInt8], link: JournalLink) {
        var writer = JSONWriter()
        writer.object { object in
            object.key("u")
            object.number(time.milliseconds)
            object.key("r")
            object.array { array in for record in records { record.write(to: &array) } }
        }
        var bytes = writer.bytes
        bytes.removeLast()
        let next = link.next(run, sequence, bytes[...])
        bytes += Array(",\"h\":\"".utf8) + Array(next.text.utf8) + Array("\"}".utf8)
        return (bytes, next)
    }

    package init(
        _ bytes: [UInt8], run: RunID, sequence: Int, after link: JournalLink
    ) throws(JournalError) {
        let body = bytes.dropLast(Self.hashTail)
        let expected = link.next(run, sequence, body)
        guard bytes.count > Self.hashTail,
            bytes.suffix(Self.hashTail).elementsEqual(",\"h\":\"\(expected.text)\"}".utf8)
        else {
            throw JournalError(.damaged, run: run, detail: "frame \(sequence) does not continue the hash chain")
        }
        self.sequence = sequence
        self.link = expected
        self.bytes = bytes
        do {
            (time, records) = try Self.content(of: bytes)
        } catch {
            throw JournalError(.unreadable, run: run, detail: "frame \(sequence), \(error)")
        }
    }

    private static func content(
        of bytes: [UInt8]
    ) throws(JSONReader.Malformed) -> (WallTime, [JournalRecord]) {
        var reader = JSONReader(bytes)
        var time = WallTime(milliseconds: 0)
        var records: [JournalRecord] = []
        try reader.object { key, reader throws(JSONReader.Malformed) in
            switch key {
            case "u": time = WallTime(milliseconds: try reader.integer())
            case "r":
                try reader.array { reader throws(JSONReader.Malformed) in
                    records.append(try JournalRecord(from: &reader))
                }
            default: _ = try reader.raw()
            }
        }
        try reader.end()
        return (time, records)
    }
}

/// The hash that a frame hands on to the next: 15 bytes of SHA-256, as 20 characters of URL-safe base 64.
package struct JournalLink: Sendable, Hashable {
    package let text: String
    /// Of its text.
    static let length = 20

    /// What the first frame follows.
    package static let start = JournalLink(String(repeating: "A", count: length))

    package init(_ text: String) { self.text = text }

    package func next(_ run: RunID, _ sequence: Int, _ body: ArraySlice<UInt8>) -> JournalLink {
        var hash = SHA256()
        hash.update(text.utf8)
        hash.update("\(run.value) \(sequence) ".utf8)
        hash.update(body)
        return JournalLink(Base64URL.text(of: hash.digest().prefix(15)))
    }
}
