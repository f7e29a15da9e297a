/// Work that was taken back when its run was undone.
public struct UndoneWork: Sendable, Hashable, Codable {
    /// What had done it.
    public var activation: String
    /// The compensation.
    public var name: String
    /// Whether a person took it back, or said that nothing has to be.
    public var isByHand: Bool

    public init(activation: String, name: String, isByHand: Bool = false) {
        self.activation = activation
        self.name = name
        self.isByHand = isByHand
    }
}

/// Work that a run did, that was to be taken back, and that only a person can.
///
/// `Engine.unsettled(of:)` lists it, `Engine.settle(_:_:note:)` strikes it off the list.
public struct UnsettledWork: Sendable, Hashable, Codable, Identifiable {
    /// Why it is left.
    public enum Obstacle: String, Sendable, Hashable, Codable {
        /// Its compensation failed in its last attempt.
        case failed
        /// The graph does not say how such work is undone.
        case undeclared
        /// An effect happened, or may have, and nothing was registered that undoes it.
        case unregistered
    }

    public var run: RunID
    public var activation: String
    /// Of the compensation, or of the effect where none was registered.
    public var name: String
    /// Tells compensations of one name and activation apart.
    public var number: Int
    public var obstacle: Obstacle
    /// What the compensation needs, or the result of the effect, as JSON.
    public var value: String?
    /// By which the outside knows the compensation, or the effect.
    public var key: String
    /// How often the compensation was begun.
    public var attempts: Int
    /// What the last attempt failed with, or in which state the effect is.
    public var error: String?

    public var id: String { "\(activation)?\(name)#\(number)" }
}

extension UnsettledWork: CustomStringConvertible {
    /// Without what the compensation needs.
    public var description: String {
        switch obstacle {
        case .failed: "\"\(name)\" of \(activation) failed: \(error ?? "unknown")"
        case .undeclared: "\"\(name)\" of \(activation) is not declared by its graph"
        case .unregistered: "the effect \"\(name)\" of \(activation), \(error ?? "done"), has no compensation"
        }
    }
}

/// What was undone of a run and what was not, as its end says it.
public struct SagaReport: Sendable, Hashable, Codable {
    /// In the order in which it was.
    public var undone: [UndoneWork]
    public var left: [UnsettledWork]

    public init(undone: [UndoneWork] = [], left: [UnsettledWork] = []) {
        self.undone = undone
        self.left = left
    }

    /// In a sentence that follows the cause; empty if there was nothing to undo.
    package var summary: String {
        var text = undone.isEmpty ? "" : "; undone: \(undone.map(\.activation).joined(separator: ", "))"
        if !left.isEmpty { text += "; left for a person: \(left.map(\.description).joined(separator: ", "))" }
        return text
    }
}
