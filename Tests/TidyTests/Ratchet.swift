/// What was too long or looked upwards when its rule came; the lists may only get shorter.
///
/// An entry has to be exact: who shortens a function lowers its number here, or takes it out.
enum Ratchet {
    /// Lines of files above the limit, by path.
    static let files: [String: Int] = [:]

    /// Lines of functions above the limit, by path and name: `Sources/Apus/Graph/Graph.swift check`.
    static let functions: [String: Int] = [:]

    /// Types of a higher folder of the core that a file may name, by the file's path.
    static let upwardUses: [String: Set<String>] = [:]
}
