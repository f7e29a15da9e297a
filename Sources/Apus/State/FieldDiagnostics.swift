/// Finds mistakes in the declaration of a state's fields.
enum FieldDiagnostics<State: GraphState> {
    static func of(_ fields: [Field<State>]) -> [String] {
        var found: [String] = []
        if State.self is AnyObject.Type {
            found.append("\(State.self) is a class, so a failed node could not be undone; make it a struct.")
        }
        found += names(fields) + storage(fields) + overlaps(fields)
        return found
    }

    private static func names(_ fields: [Field<State>]) -> [String] {
        var seen: Set<String> = []
        return fields.compactMap { field in
            if field.name.isEmpty {
                return "A field of \(State.self) has an empty name; call it as its property is called."
            }
            if seen.insert(field.name).inserted { return nil }
            return "The field \"\(field.name)\" of \(State.self) is declared twice; give each field a name of its own."
        }
    }

    private static func storage(_ fields: [Field<State>]) -> [String] {
        fields.filter { $0.binding.bytes == nil }.map { field in
            "The field \"\(field.name)\" of \(State.self) is not a stored property without observers; "
                + "declare the stored property that holds its value."
        }
    }

    private static func overlaps(_ fields: [Field<State>]) -> [String] {
        let stored = fields.compactMap { field in field.binding.bytes.map { (field.name, $0) } }
            .sorted { $0.1.lowerBound < $1.1.lowerBound }
        var found: [String] = []
        for (index, (name, bytes)) in stored.enumerated() {
            for (other, others) in stored[(index + 1)...].prefix(while: { $0.1.lowerBound < bytes.upperBound })
            where others.overlaps(bytes) {
                found.append(
                    "The fields \"\(name)\" and \"\(other)\" of \(State.self) overlap; "
                        + "declare either the whole property or its parts.")
            }
        }
        return found
    }
}
