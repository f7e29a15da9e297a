/// What becomes of a run whose journal another version of its graph wrote.
public struct VersionPolicy<State: GraphState>: Sendable {
    enum Way: Sendable {
        case refuse
        case accept
    }

    let way: Way
    /// Where members come from that a stored state lacks.
    var defaults: State?

    /// It is not executed, and the error says how the graphs differ.
    public static var refuse: VersionPolicy { VersionPolicy(way: .refuse, defaults: nil) }

    /// It is executed on the new graph, if every activation that has ended stands there, too, and could have ended in that order.
    /// Members that the stored state lacks come from `defaults`; those that the type no longer has are dropped.
    public static func accept(filling defaults: State? = nil) -> VersionPolicy {
        VersionPolicy(way: .accept, defaults: defaults)
    }
}
