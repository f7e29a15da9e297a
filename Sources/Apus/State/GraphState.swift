/// The value that the nodes of a graph read and change.
///
/// ``fields`` says how the writes of branches that run at the same time come together. What no field names is one
/// more field, an exclusive one, so that nothing is lost and a state without fields is exclusive as a whole.
///
/// ```swift
/// struct Triage: GraphState {
///     var orders: [Int] = []
///     var decisions: [String] = []
///     var sent = 0
///     static let fields: [Field<Self>] = [
///         Field("orders", \.orders),
///         Field("decisions", \.decisions, merging: .append),
///         Field("sent", \.sent, merging: .sum),
///     ]
/// }
/// ```
public protocol GraphState: Codable, Equatable, Sendable {
    /// The named parts of the state: disjoint stored properties without observers.
    static var fields: [Field<Self>] { get }
}

extension GraphState {
    public static var fields: [Field<Self>] { [] }
}
