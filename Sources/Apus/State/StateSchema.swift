/// What is known of a state's type: its fields, and how to find what changed.
package struct StateSchema<State: GraphState>: Sendable {
    /// Mistakes in the declaration of the fields, each with a way to mend it. No other member may be used unless this is empty.
    package let diagnostics: [String]
    /// The fields' names, in the order of their declaration.
    package let names: [String]
    let table: FieldTable<State>
    let rest: RestBinding<State>

    package init() { self.init(fields: State.fields) }

    /// The schema of a state that would declare `fields`.
    package init(fields: [Field<State>]) {
        names = fields.map(\.name)
        diagnostics = FieldDiagnostics.of(fields)
        table = FieldTable(fields.map(\.binding))
        rest = RestBinding(table)
    }

    /// What turns `before` into `after`; `nil` when they are equal.
    package func change(from before: State, to after: State) -> StateChange? {
        if before == after { return nil }
        var entries = table.changes(from: before, to: after)
        if table.restDiffers(after, before) {
            entries.append(FieldEntry(field: table.fields.count, binding: rest, effect: .replace(after)))
        }
        return entries.isEmpty ? nil : StateChange(entries)
    }

    /// The error for two writers that ``WriteLedger`` found in conflict.
    package func conflict(field: Int, key: String?, between first: String, and second: String) -> StateError {
        StateError(.conflict, field: field < names.count ? names[field] : nil, writers: [first, second], key: key)
    }
}
