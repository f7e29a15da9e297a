/// What protects the entries beside a journal: the last member of each JSON object is a hash over its key and what stands before.
///
/// So no storage can hand out a head, a question or a letter of which a byte has changed, or that belongs elsewhere.
enum Seal {
    /// How many bytes a seal takes, with the brace that ends the object.
    private static let tail = 6 + length * 4 / 3 + 2
    /// How many bytes of the hash it keeps: enough to tell what was changed by accident.
    private static let length = 9

    /// A JSON object that has members, with its seal.
    static func sealed(_ json: [UInt8], at key: StorageKey) -> [UInt8] {
        let body = json.dropLast()
        return body + ending(of: body, at: key)
    }

    /// The object as it was sealed; throws ``JournalError/Code/damaged`` if it is not what was written there.
    static func opened(_ entry: StorageEntry, of run: RunID) throws(JournalError) -> [UInt8] {
        let body = entry.value.dropLast(tail)
        guard entry.value.suffix(tail).elementsEqual(ending(of: body, at: entry.key)) else {
            throw JournalError(.damaged, run: run, detail: "\(entry.key) is not what was written")
        }
        return body + [UInt8(ascii: "}")]
    }

    private static func ending(of body: ArraySlice<UInt8>, at key: StorageKey) -> [UInt8] {
        var hash = SHA256()
        hash.update(key.bytes)
        hash.update([0])
        hash.update(body)
        return Array(",\"h\":\"\(Base64URL.text(of: hash.digest().prefix(length)))\"}".utf8)
    }
}
