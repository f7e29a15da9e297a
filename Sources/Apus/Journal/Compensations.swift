/// What undoes completed work, as a journal tells of it.
enum Compensations {
    /// The name of the effect that a compensation is.
    static func effect(_ name: String, _ number: Int) -> String { "undo/\(name)#\(number)" }
}
