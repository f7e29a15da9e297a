extension StateSchema {
    /// A change as an object with one member a field, `{"=": value}` for a replacement and `{"+": operation}` for what its merge
    /// says; the member of what no field names has an empty name.
    func encode(_ change: StateChange, base: State) throws -> [UInt8] {
        let payloads = try withUnsafePointer(to: base) { base in
            try change.entries.map { try $0.binding.encode($0.effect, base: base) }
        }
        var writer = JSONWriter()
        writer.object { object in
            for (entry, payload) in zip(change.entries, payloads) {
                object.key(entry.field < names.count ? names[entry.field] : "")
                object.object { inner in
                    inner.key(entry.effect.isReplacement ? "=" : "+")
                    inner.raw(payload)
                }
            }
        }
        return writer.bytes
    }

    /// The change that was encoded. A field that the state no longer has is left out.
    func decode(_ json: [UInt8]) throws -> StateChange {
        var found: [(name: String, isReplacement: Bool, payload: [UInt8])] = []
        var reader = JSONReader(json)
        try reader.object { name, reader throws(JSONReader.Malformed) in
            try reader.object { kind, reader throws(JSONReader.Malformed) in
                found.append((name, kind == "=", try reader.raw()))
            }
        }
        let entries = try found.compactMap { name, isReplacement, payload -> FieldEntry? in
            guard let field = name.isEmpty ? names.count : names.firstIndex(of: name) else { return nil }
            let binding: any FieldBinding = name.isEmpty ? rest : table.fields[field]
            return FieldEntry(
                field: field, binding: binding, effect: try binding.decode(payload, isReplacement: isReplacement))
        }
        return StateChange(entries.sorted { $0.field < $1.field })
    }
}
