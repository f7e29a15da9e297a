/// Views by which a person looks at runs in the `sqlite3` shell. The engine does not read them.
enum RunViews {
    static let names: Set<String> = ["apus_runs", "apus_records", "apus_questions"]

    static let statements = [
        """
        CREATE VIEW apus_runs AS
        SELECT substr(key, 5) AS run, value ->> '$.g' AS graph, value ->> '$.s' AS status,
            \(time("value ->> '$.c'")) AS created,
            \(time("(value ->> '$.c') + (value ->> '$.u')")) AS updated,
            value ->> '$.w' AS worker, \(time("value ->> '$.d'")) AS due, value ->> '$.e' AS reason
        FROM \(entries("run")) ORDER BY value ->> '$.c'
        """,
        """
        CREATE VIEW apus_records AS
        SELECT substr(entry.key, 9, instr(substr(entry.key, 9), '/') - 1) AS run,
            \(time("entry.value ->> '$.u'")) AS time, record.value ->> '$.t' AS what,
            record.value ->> '$.a' AS activation, record.value ->> '$.n' AS name, record.value ->> '$.i' AS number,
            record.value -> '$.v' AS value, record.value ->> '$.e' AS note
        FROM \(entries("journal")) AS entry, json_each(entry.value, '$.r') AS record
        ORDER BY entry.key, record.key
        """,
        """
        CREATE VIEW apus_questions AS
        SELECT substr(key, 10, instr(substr(key, 10), '/') - 1) AS run,
            substr(key, 10 + instr(substr(key, 10), '/')) AS id, value ->> '$.q' AS question,
            value -> '$.c' AS choices, value ->> '$.a' AS answer, \(time("value ->> '$.u'")) AS expires
        FROM \(entries("question")) ORDER BY key
        """,
    ]

    /// What is stored below a part, as text.
    private static func entries(_ part: String) -> String {
        // "0" is what follows "/".
        let range = "key > CAST('\(part)/' AS BLOB) AND key < CAST('\(part)0' AS BLOB)"
        return "(SELECT CAST(key AS TEXT) AS key, CAST(value AS TEXT) AS value FROM entry WHERE \(range))"
    }

    /// A number of milliseconds since 1970 as text.
    private static func time(_ milliseconds: String) -> String {
        "strftime('%Y-%m-%dT%H:%M:%fZ', (\(milliseconds)) / 1000.0, 'unixepoch')"
    }
}
