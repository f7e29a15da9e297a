/// One thing that confines code. Several keep the same thing out, so that a fault of one does not open the door.
public enum ConfinementLayer: String, Sendable, Hashable, Codable, CaseIterable {
    /// No privileges and none to be had; if the host is the machine's first user, the user `nobody`.
    case unprivileged
    /// Users of its own, so that being one of them means nothing outside.
    case userNamespace
    /// Files of its own: the interpreter's, and a folder in memory that goes with the last process. What else the machine has can't even
    /// be named.
    case mountNamespace
    /// Processes of its own, all of which end with the first.
    case processNamespace
    /// A network of its own, with nothing in it.
    case networkNamespace
    /// Shared memory, semaphores and queues of its own.
    case ipcNamespace
    /// Which files may be read, executed and written. Linux 6.2 has what is needed.
    case landlock
    /// No TCP connections, by the same means. Linux 6.7.
    case landlockNetwork
    /// No signals and no abstract sockets beyond the code's own processes. Linux 6.12.
    case landlockScopes
    /// Which calls of Linux may be made: a list of what is allowed.
    case seccomp
}

/// Which layers a machine has.
public struct Confinement: Sendable, Hashable, Codable {
    /// What confines code, in the order of their declaration.
    public var active: [ConfinementLayer]

    public init(_ active: [ConfinementLayer]) { self.active = ConfinementLayer.allCases.filter(active.contains) }

    public var missing: [ConfinementLayer] { ConfinementLayer.allCases.filter { !active.contains($0) } }

    /// What an operator demands of a machine before it runs code.
    public enum Demand: Sendable, Hashable {
        case complete
        /// The layers whose absence is accepted. Those that are there hold nonetheless.
        case weak(without: Set<ConfinementLayer>)

        /// Throws ``CodeError/Code/notConfined`` where more is missing than was accepted.
        func check(_ confinement: Confinement) throws(CodeError) {
            let accepted: Set<ConfinementLayer> =
                switch self {
                case .complete: []
                case .weak(let layers): layers
                }
            let missing = confinement.missing.filter { !accepted.contains($0) }
            if !missing.isEmpty { throw CodeError(.notConfined, layers: missing) }
        }
    }
}
